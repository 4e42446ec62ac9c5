/** Options on the command line of the lessons: what is wrong with one is said in one line. */
import { parseArgs } from 'node:util'
import * as E from 'fp-ts/lib/Either.js'

/** Reads the text of an option, or says what was expected. A flag has no text. */
export interface Option<T> {
  readonly flag: boolean
  readonly otherwise: T
  readonly read: (text: string) => E.Either<string, T>
}
export type Values<O> = { readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never }

export const flag: Option<boolean> = { flag: true, otherwise: false, read: () => E.right(true) }

export const wholeNumber = (otherwise: number, from: number, to = Number.MAX_SAFE_INTEGER): Option<number> => ({
  flag: false,
  otherwise,
  read: (text) => {
    const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN
    const range = to === Number.MAX_SAFE_INTEGER ? `from ${from} on` : `from ${from} to ${to}`
    return value >= from && value <= to ? E.right(value) : E.left(`expected a whole number ${range}`)
  },
})

/** Such as 0.25. */
export const decimal = (otherwise: number, from: number, to: number): Option<number> => ({
  flag: false,
  otherwise,
  read: (text) => {
    const value = /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : Number.NaN
    return value >= from && value <= to ? E.right(value) : E.left(`expected a number from ${from} to ${to}`)
  },
})

export const text = (otherwise: string): Option<string> => ({
  flag: false,
  otherwise,
  read: (given) => (given === '' ? E.left('expected a text') : E.right(given)),
})

export const oneOf = <const T extends string>(otherwise: T, choices: readonly T[]): Option<T> => ({
  flag: false,
  otherwise,
  read: (text) => E.fromNullable(`expected one of ${choices.join(', ')}`)(choices.find((choice) => choice === text)),
})

const quoted = (value: string): string => (/^[\w./-]+$/.test(value) ? value : `'${value}'`)

/** The values of all options, or the line to print. */
export const readOptions = <O extends Readonly<Record<string, Option<unknown>>>>(
  known: O,
  args: readonly string[],
): E.Either<string, Values<O>> => {
  const spec = Object.fromEntries(Object.entries(known).map(([name, { flag }]) => [name, { type: flag ? 'boolean' : 'string' } as const]))
  const usage = `options: ${Object.entries(known)
    .map(([name, option]) => (option.flag ? `--${name}` : `--${name} ${quoted(String(option.otherwise))}`))
    .join(' ')}`
  const parsed = E.tryCatch(
    () => parseArgs({ args: [...args], options: spec, strict: true, allowPositionals: false }).values,
    (cause) => `${cause instanceof Error ? (cause.message.split(/[.\n]/)[0] ?? '') : String(cause)}; ${usage}`,
  )
  if (E.isLeft(parsed)) return parsed
  const values: Record<string, unknown> = {}
  for (const [name, option] of Object.entries(known)) {
    const text = parsed.right[name]
    const value = text === undefined ? E.right(option.otherwise) : option.read(String(text))
    if (E.isLeft(value)) return E.left(`--${name} ${String(text)}: ${value.left}`)
    values[name] = value.right
  }
  return E.right(values as Values<O>)
}

/** The options of this command; ends it with one line and status 2 where one is wrong. */
export const optionsOrExit = <O extends Readonly<Record<string, Option<unknown>>>>(known: O): Values<O> => {
  const values = readOptions(known, process.argv.slice(2))
  if (E.isRight(values)) return values.right
  console.error(values.left)
  process.exit(2)
}
