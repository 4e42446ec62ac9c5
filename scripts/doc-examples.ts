/** Turns the `@example` of a docstring into code that runs, and compares what it gives with what it promises. */

export interface Example {
  readonly statements: string
  /** The last expression, and the text after `// =>`. */
  readonly expression: string
  readonly promise: string
}

const promised = /^(.*?)\s*\/\/ => (.+)$/

/** The last line promises a value; an expression that spans lines begins at its first unindented line. Null without a promise. */
export const parseExample = (code: string): Example | null => {
  const lines = code
    .replace(/^```\w*$/gm, '')
    .trim()
    .split('\n')
  const match = promised.exec(lines.at(-1) ?? '')
  if (match === null) return null
  const [, end = '', promise = ''] = match
  const body = [...lines.slice(0, -1), end]
  const first = body.findLastIndex((line) => /^[^\s)\]}.]/.test(line))
  return { statements: body.slice(0, first).join('\n'), expression: body.slice(first).join('\n'), promise }
}

/** The value is the promised one: numbers to as many decimals as were written, everything else exactly. */
export const keeps = (value: unknown, promise: unknown): boolean => {
  if (typeof promise === 'number') return typeof value === 'number' && near(value, promise)
  if (typeof promise !== 'object' || promise === null) return Object.is(value, promise)
  if (typeof value !== 'object' || value === null) return false
  const [mine, theirs] = [entries(value), entries(promise)]
  return mine.length === theirs.length && theirs.every(([key, part]) => mine.some(([name, each]) => name === key && keeps(each, part)))
}

const entries = (value: object): readonly (readonly [string, unknown])[] =>
  Object.entries(ArrayBuffer.isView(value) ? Array.from(value as never) : value)

const near = (value: number, promise: number): boolean => {
  const decimals = (String(promise).split(/[.e]/)[1] ?? '').length
  return (
    Object.is(value, promise) ||
    Math.abs(value - promise) <= (decimals === 0 ? 0 : 0.501 * 10 ** -decimals) ||
    (value === 0 && promise === 0)
  )
}
