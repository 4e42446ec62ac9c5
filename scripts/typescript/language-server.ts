/** A client of the language server inside TypeScript 7, which editors talk to: as much of the protocol as hovers and errors need. */
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath, pathToFileURL } from 'node:url'

const compiler = fileURLToPath(new URL('../../node_modules/typescript-7.0/bin/tsc', import.meta.url))

interface Message {
  readonly id?: number
  readonly method?: string
  readonly result?: unknown
}

export interface LanguageServer {
  readonly open: (path: string, text: string) => void
  readonly change: (path: string, text: string) => void
  readonly hover: (path: string, line: number, character: number) => Promise<string>
  readonly errors: (path: string) => Promise<readonly string[]>
  readonly stop: () => void
}

export const startLanguageServer = async (folder: string): Promise<LanguageServer> => {
  const server = spawn(process.execPath, [compiler, '--lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] })
  const { ask, tell } = conversation(server)
  await ask('initialize', {
    processId: process.pid,
    rootUri: pathToFileURL(folder).href,
    capabilities: { textDocument: { diagnostic: {}, hover: { contentFormat: ['plaintext'] } } },
  })
  tell('initialized', {})
  const versions = new Map<string, number>()
  const at = (path: string) => ({ textDocument: { uri: pathToFileURL(path).href } })
  const next = (path: string): number => {
    versions.set(path, (versions.get(path) ?? 0) + 1)
    return versions.get(path) as number
  }
  return {
    open: (path, text) =>
      tell('textDocument/didOpen', { textDocument: { ...at(path).textDocument, languageId: 'typescript', version: next(path), text } }),
    change: (path, text) =>
      tell('textDocument/didChange', {
        textDocument: { ...at(path).textDocument, version: next(path) },
        contentChanges: [{ text }],
      }),
    hover: async (path, line, character) => {
      const found = (await ask('textDocument/hover', { ...at(path), position: { line, character } })) as {
        readonly contents: { readonly value: string }
      } | null
      return found?.contents.value ?? ''
    },
    errors: async (path) => {
      const found = (await ask('textDocument/diagnostic', at(path))) as { readonly items: readonly { readonly message: string }[] }
      return found.items.map(({ message }) => message)
    },
    stop: () => server.kill(),
  }
}

/** JSON-RPC over the process's streams: each message behind a line with its length. */
const conversation = ({ stdin, stdout }: ChildProcess) => {
  if (stdin === null || stdout === null) throw new Error('the language server has no streams')
  const send = (message: object): void => {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message })
    stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`)
  }
  const waiting = new Map<number, (result: unknown) => void>()
  const receive = ({ id, method, result }: Message): void => {
    if (id === undefined) return
    // what the server asks of its editor is answered with nothing
    if (method !== undefined) send({ id, result: null })
    else waiting.get(id)?.(result)
  }
  let unread: Buffer = Buffer.alloc(0)
  stdout.on('data', (chunk: Buffer) => {
    unread = Buffer.concat([unread, chunk])
    for (;;) {
      const head = unread.indexOf('\r\n\r\n')
      const length = Number(/Content-Length: (\d+)/.exec(unread.subarray(0, Math.max(head, 0)).toString())?.[1] ?? Number.NaN)
      if (head < 0 || unread.length < head + 4 + length) return
      const body = unread.subarray(head + 4, head + 4 + length).toString()
      unread = unread.subarray(head + 4 + length)
      receive(JSON.parse(body) as Message)
    }
  })
  let last = 0
  const ask = (method: string, params: object): Promise<unknown> =>
    new Promise((resolve) => {
      last += 1
      waiting.set(last, resolve)
      send({ id: last, method, params })
    })
  return { ask, tell: (method: string, params: object) => send({ method, params }) }
}
