/** What a worker runs, as text: Node and pages start it alike, and no bundler has to find a file. */

/** Places in a worker's mail, in words; one worker, one mail. */
export const mailWords = { bell: 0, jobs: 1, posted: 2, asleep: 3, program: 4, entry: 5, thread: 6, threads: 7 } as const
export const mailBytes = 64

/** How often an idle worker looks for the next step before it sleeps: some tens of microseconds. */
const turns = 4_000

/**
 * A worker sleeps until its bell rings, then runs its share of a step, or goes back to its event loop to receive what was
 * posted: a program, or the number of one to forget.
 */
export const workerSource = `'use strict'
const inNode = typeof require === 'function'
const port = inNode ? require('node:worker_threads').parentPort : self
const programs = new Map()
let mail = null, jobs = 0, received = 0

const serve = () => {
  for (let turn = 0; ; turn++) {
    const bell = Atomics.load(mail, ${mailWords.bell})
    if (Atomics.load(mail, ${mailWords.jobs}) !== jobs) {
      jobs = jobs + 1 | 0
      programs.get(mail[${mailWords.program}])[mail[${mailWords.entry}]](mail[${mailWords.thread}], mail[${mailWords.threads}])
      turn = 0
    } else if (Atomics.load(mail, ${mailWords.posted}) !== received) return
    else if (turn > ${turns}) {
      Atomics.store(mail, ${mailWords.asleep}, 1)
      Atomics.wait(mail, ${mailWords.bell}, bell)
      Atomics.store(mail, ${mailWords.asleep}, 0)
      turn = 0
    }
  }
}

const receive = ({ first, id, module, memory, entries, ready, mark }) => {
  received = received + 1 | 0
  if (first !== undefined) mail = first
  else if (module === undefined) programs.delete(id)
  else {
    const words = new Int32Array(memory.buffer)
    const sleep = (address, value) => void Atomics.wait(words, address >>> 2, value)
    const wake = (address) => void Atomics.notify(words, address >>> 2)
    const { exports } = new WebAssembly.Instance(module, { env: { memory, sleep, wake } })
    programs.set(id, entries.map((name) => exports[name]))
    Atomics.store(new Uint8Array(memory.buffer), ready, mark)
  }
  serve()
}
if (inNode) port.on('message', receive)
else port.onmessage = ({ data }) => receive(data)
`
