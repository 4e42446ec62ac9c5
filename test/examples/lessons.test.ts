import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { characters, decode, encode, sourceText } from '../../examples/shared/source-text.ts'

interface Ended {
  readonly status: number
  readonly lines: readonly string[]
  readonly complaint: string
}
/** Runs a lesson as its npm script does. */
const lesson = (name: string, ...args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', `examples/${name}.ts`, ...args],
      { env: { ...process.env, NODE_OPTIONS: '' } },
      (error, output, complaint) =>
        resolve({
          status: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1,
          lines: output.trimEnd().split('\n'),
          complaint,
        }),
    )
  })

describe('01-xor', () => {
  it.concurrent.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])('solves it from seed %i', async (seed) => {
    const { status, lines } = await lesson('01-xor', '--seed', `${seed}`, '--json')
    const { predictions, right } = JSON.parse(lines[0] ?? '') as { readonly predictions: readonly number[]; readonly right: boolean }
    expect([status, lines.length, right]).toEqual([0, 1, true])
    expect(predictions.every((value, i) => Math.abs(value - (i === 1 || i === 2 ? 1 : 0)) < 0.05)).toBe(true)
  })
  it('reads well', async () => {
    const { lines } = await lesson('01-xor')
    expect(lines.map((line) => line.replace(/\d\.\d+/, 'p'))).toEqual(['0 xor 0 = p', '0 xor 1 = p', '1 xor 0 = p', '1 xor 1 = p'])
  })
  it('refuses options in one line', async () => {
    expect(await lesson('01-xor', '--seed', 'x')).toEqual({
      status: 2,
      lines: [''],
      complaint: '--seed x: expected a whole number from 0 on\n',
    })
  })
})

describe('02-mnist', () => {
  it('trains, tests and ends with a line of JSON', async () => {
    const { status, lines, complaint } = await lesson(
      '02-mnist',
      '--hidden',
      '12',
      '--batch',
      '256',
      '--epochs',
      '1',
      '--optimizer',
      'momentum',
      '--json',
    )
    expect([status, complaint]).toEqual([0, ''])
    const last = JSON.parse(lines.at(-1) ?? '') as Readonly<Record<string, number | string>>
    expect(Object.keys(last)).toEqual([
      'testAccuracy',
      'finalLoss',
      'steps',
      'microsecondsPerStep',
      'compileMilliseconds',
      'arenaBytes',
      'wasmBytes',
      'weightsSha256',
    ])
    expect(last.steps).toBe(Math.ceil(55_000 / 256))
    expect(last.testAccuracy).toBeGreaterThan(0.5)
    expect(last.weightsSha256).toMatch(/^[0-9a-f]{64}$/)
    expect(lines.at(-3)).toBe('truth       7 2 1 0 4 1 4 9 5 9')
    expect(lines.at(-2)).toMatch(/^prediction {2}(\d ){9}\d$/)
  })
  it('refuses options in one line', async () => {
    expect((await lesson('02-mnist', '--optimizer', 'lion')).complaint).toBe(
      '--optimizer lion: expected one of adam, adamw, rmsprop, adagrad, nesterov, momentum, sgd\n',
    )
    expect((await lesson('02-mnist', '--batch', '0')).complaint).toBe('--batch 0: expected a whole number from 1 to 55000\n')
  })
})

describe('03-by-hand', () => {
  it('prints the loss every hundred steps, and it falls', async () => {
    const { status, lines } = await lesson('03-by-hand', '--steps', '1000')
    const losses = lines.slice(0, 10).map((line) => Number(/^step \d+00: loss ([\d.]+)$/.exec(line)?.[1]))
    expect([status, lines.length]).toEqual([0, 14])
    expect(losses.every((loss, i) => i === 0 || loss < (losses[i - 1] ?? 0))).toBe(true)
    expect(losses.at(-1)).toBeLessThan(0.005)
  })
})

const figures = [
  'finalLoss',
  'steps',
  'microsecondsPerStep',
  'compileMilliseconds',
  'arenaBytes',
  'wasmBytes',
  'epochs',
  'seconds',
  'lossHistory',
  'weightsSha256',
]
interface Figures {
  readonly testAccuracy: number
  readonly parameters: number
  readonly finalLoss: number
  readonly steps: number
  readonly epochs: number
  readonly lossHistory: readonly number[]
}
interface Found {
  readonly error: number
  readonly floor: number
  readonly unseenError: number
  readonly found: boolean
}
interface Written {
  readonly lossPerCharacter: number
  readonly bitsPerCharacter: number
  readonly sample: string
  readonly weightsSha256: string
}
const figuresOf = (lines: readonly string[]): Figures => JSON.parse(lines.at(-1) ?? '')
const foundOf = (lines: readonly string[]): Found => JSON.parse(lines.at(-1) ?? '')

describe('04-mnist-cnn', () => {
  it('shows the network, trains, tests and ends with a line of JSON', async () => {
    const { status, lines, complaint } = await lesson('04-mnist-cnn', '--train', '1000', '--epochs', '2', '--json')
    expect([status, complaint]).toEqual([0, ''])
    expect(lines[0]).toMatch(/^layer +name +output +parameters$/)
    const last = figuresOf(lines)
    expect(Object.keys(last)).toEqual(['testAccuracy', 'parameters', 'secondsPerEpoch', ...figures])
    expect([last.parameters, last.epochs, last.steps, last.lossHistory.length]).toEqual([73_594, 2, 32, 2])
    expect(last.testAccuracy).toBeGreaterThan(0.7)
    expect(last.finalLoss).toBe(last.lossHistory[1])
  })
  it('refuses options in one line', async () => {
    expect((await lesson('04-mnist-cnn', '--train', '60000')).complaint).toBe('--train 60000: expected a whole number from 1 to 55000\n')
  })
})

describe('05-fashion-cnn', () => {
  const missing = 'run apt-get install --reinstall dataset-fashion-mnist (Debian), or give the directory of its four files'

  it('trains where the pictures are installed, and else says in one line what to do', async () => {
    const { status, lines, complaint } = await lesson('05-fashion-cnn', '--train', '1000', '--epochs', '3', '--json')
    const last = figuresOf(lines)
    if (existsSync('/usr/share/datasets/fashion-mnist')) {
      expect([status, complaint]).toEqual([0, ''])
      expect(Object.keys(last)).toEqual(['testAccuracy', 'parameters', 'secondsPerEpoch', ...figures])
      expect(last.testAccuracy).toBeGreaterThan(0.6)
      expect(lines.at(-3)).toMatch(/^ankle boot {2}\d+\.\d %, else most often: [\w -]+$/)
    } else {
      expect([status, Object.keys(last), lines.length]).toEqual([1, ['skipped'], 1])
      expect(complaint).toMatch(/^[^\n]*\n$/)
      expect(complaint).toContain(missing)
    }
  })
  it('says where it looked', async () => {
    const { status, lines, complaint } = await lesson('05-fashion-cnn', '--directory', 'nowhere')
    expect([status, lines]).toEqual([1, ['']])
    expect(complaint).toBe(`fashionMnist: nowhere/train-images-idx3-ubyte cannot be read; ${missing}\n`)
  })
})

describe('06-recommender', () => {
  it('finds the matrix behind the ratings, as well as their noise allows', async () => {
    const { status, lines } = await lesson('06-recommender', '--json')
    const { error, floor, unseenError, found } = foundOf(lines)
    expect([status, lines.length, found]).toEqual([0, 12, true])
    expect(floor).toBeCloseTo(0.1 * Math.sqrt((4 * 796) / 30_000), 12)
    expect(error / floor).toBeLessThan(1.25)
    expect(unseenError).toBeCloseTo(Math.hypot(0.1, error), 2)
  })
  it('finds it exactly where there is no noise', async () => {
    const { error } = foundOf((await lesson('06-recommender', '--noise', '0', '--json')).lines)
    expect(error).toBeLessThan(1e-4)
  })
  it('ends with status 1 where the rank cannot hold it', async () => {
    const { status, lines } = await lesson('06-recommender', '--rank', '3', '--epochs', '10', '--json')
    expect([status, foundOf(lines).found]).toEqual([1, false])
  })
  it('refuses options in one line', async () => {
    expect((await lesson('06-recommender', '--noise', '-1')).complaint).toMatch(/^Option '--noise' argument is ambiguous/)
    expect((await lesson('06-recommender', '--noise=-1')).complaint).toBe('--noise -1: expected a number from 0 to 10\n')
  })
})

describe('07-mnist-lstm', () => {
  it('reads rows, tests and ends with a line of JSON', async () => {
    const { status, lines, complaint } = await lesson(
      '07-mnist-lstm',
      '--units',
      '16',
      '--train',
      '1000',
      '--batch',
      '10',
      '--epochs',
      '1',
      '--json',
    )
    expect([status, complaint]).toEqual([0, ''])
    const last = figuresOf(lines)
    expect(Object.keys(last)).toEqual(['testAccuracy', 'parameters', 'secondsPerEpoch', ...figures])
    expect([last.parameters, last.steps]).toEqual([16 * 4 * (28 + 16 + 1) + 17 * 10, 100])
    expect(last.finalLoss).toBeLessThan(Math.log(10) - 0.1)
  })
  it('refuses options in one line', async () => {
    expect((await lesson('07-mnist-lstm', '--units', '0')).complaint).toBe('--units 0: expected a whole number from 1 to 1024\n')
  })
})

describe('08-text', () => {
  const few = ['08-text', '--train', '160', '--epochs', '1', '--length', '50', '--json'] as const

  it('learns and writes, the same from the same seed', async () => {
    const [one, two] = await Promise.all([lesson(...few), lesson(...few)])
    expect([one.status, one.complaint]).toEqual([0, ''])
    const [last, again] = [one, two].map(({ lines }) => JSON.parse(lines.at(-1) ?? '') as Written)
    expect([last?.sample, last?.weightsSha256]).toEqual([again?.sample, again?.weightsSha256])
    expect([...(last?.sample ?? '')]).toHaveLength(50)
    expect(last?.lossPerCharacter).toBeLessThan(Math.log(97))
    expect(last?.bitsPerCharacter).toBeCloseTo((last?.lossPerCharacter ?? 0) / Math.log(2), 12)
    const told = one.lines.filter((line) => /^epoch 1\/1 {2}\d\.\d{3} nats a character \(\d\.\d{3} bits\) on text held out/.test(line))
    expect(told).toHaveLength(1)
  })
  it('refuses options in one line', async () => {
    const { complaint } = await lesson('08-text', '--temperature', '0')
    expect(complaint).toBe('--temperature 0: expected a number from 0.01 to 10\n')
  })
})

describe('09-resume', () => {
  it('goes on where Ctrl-C and a kill ended it, and ends with the same weights', async () => {
    const place = mkdtempSync(join(tmpdir(), 'shapewright-'))
    const args = (folder: string) => ['--folder', join(place, folder), '--hidden', '16', '--batch', '256', '--epochs', '2', '--json']
    const whole = await lesson('09-resume', ...args('whole'))
    const start = () =>
      spawn(process.execPath, ['--import', 'tsx', 'examples/09-resume.ts', ...args('cut')], { stdio: ['ignore', 'pipe', 'inherit'] })
    for (const signal of ['SIGINT', 'SIGKILL'] as const) {
      const run = start()
      const lines: string[] = []
      run.stdout.on('data', (part: Buffer) => {
        lines.push(String(part))
        if (String(part).includes('compiled')) setTimeout(() => run.kill(signal), 150)
      })
      const [code, killed] = await new Promise<readonly unknown[]>((resolve) => run.on('close', (...ended) => resolve(ended)))
      if (signal === 'SIGINT' && lines.join('').includes('aborted'))
        expect([code, lines.join('')]).toEqual([0, expect.stringContaining('goes on from here')])
      else expect([0, null, undefined]).toContain(killed === 'SIGKILL' ? null : code)
    }
    const again = await lesson('09-resume', ...args('cut'))
    const [one, two] = [whole, again].map(
      ({ lines }) => JSON.parse(lines.at(-1) ?? '') as { readonly weightsSha256: string; readonly lossHistory: readonly number[] },
    )
    expect([one?.weightsSha256, one?.lossHistory]).toEqual([two?.weightsSha256, two?.lossHistory])
    rmSync(place, { recursive: true })
  })
  it('refuses options in one line', async () => {
    expect((await lesson('09-resume', '--patience', '0')).complaint).toBe('--patience 0: expected a whole number from 1 on\n')
  })
})

describe('the text of 08-text', () => {
  const { seen, heldOut } = sourceText()

  it('is the source code, a twentieth of the files held out', () => {
    expect(seen.length).toBeGreaterThan(1_000_000)
    expect(heldOut.length / seen.length).toBeGreaterThan(0.02)
    expect(heldOut.length / seen.length).toBeLessThan(0.1)
    expect(decode(seen.slice(0, 3))).toBe('/**')
  })
  it('has a number for each character', () => {
    expect(encode('a\n\u00e9')).toEqual([65, 95, 96])
    expect(decode(encode('const x: [1, "b"] = `~`\n'))).toBe('const x: [1, "b"] = `~`\n')
    expect(encode('\u{1f600}')).toEqual([96])
    expect([...new Set([...seen, ...heldOut])].every((code) => code >= 0 && code < characters)).toBe(true)
  })
})

describe('10-table', () => {
  it('names as many flowers as anybody can, but for two in a hundred', async () => {
    const { status, lines, complaint } = await lesson('10-table', '--json')
    expect([status, complaint]).toEqual([0, ''])
    const last = JSON.parse(lines.at(-1) ?? '') as {
      readonly accuracy: number
      readonly best: number
      readonly confusion: readonly number[][]
    }
    expect(last.best).toBeGreaterThan(0.93)
    expect(last.accuracy).toBeGreaterThan(last.best - 0.02)
    expect(last.confusion.flat().reduce((sum, count) => sum + count, 0)).toBe(120)
  })
})
