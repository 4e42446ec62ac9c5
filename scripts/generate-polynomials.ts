/**
 * Writes src/wasm/math/coefficients.ts: minimax polynomials for the vector math.
 * `npx tsx scripts/generate-polynomials.ts` writes the file; with `--check` it only says whether it is up to date.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { erf, exp, log } from '../src/graph/math.ts'
import { minimax, polynomial, type Target } from './minimax.ts'

/** The formatter breaks longer lines. */
const lineWidth = 140

const target = new URL('../src/wasm/math/coefficients.ts', import.meta.url)

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1))
/** The sum of term(n) x^n. */
const series = (count: number, term: (n: number) => number): ((x: number) => number) => {
  const terms = Array.from({ length: count }, (_, n) => term(n))
  return (x) => polynomial(terms, x)
}
const alternating = (n: number): number => (n % 2 === 0 ? 1 : -1)
/** Room for the rounding of reduced arguments at the ends. */
const margin = 1.0001
const square = (x: number): number => x * x

/** (2^x - 1) / x */
const exp2Quotient = (x: number): number => Math.LN2 * series(18, (n) => 1 / factorial(n + 1))(Math.LN2 * x)

/** -log2(1 - erf t) / t */
const erfRate = (t: number): number => {
  const grown = erf(t)
  return (grown < 0.05 ? grown * series(12, (n) => 1 / (n + 1))(grown) : -log(1 - grown)) / (t * Math.LN2)
}

interface Entry extends Target {
  readonly name: string
  readonly note: string
  readonly precision: 'f32' | 'f64'
}

const halfTurnSquare = square((Math.PI / 4) * margin)
const logSquare = square((Math.SQRT2 - 1) / (Math.SQRT2 + 1)) * margin
const halfLn2 = (Math.LN2 / 2) * margin

const entries: readonly Entry[] = [
  {
    name: 'expTail',
    note: '(e^r - 1 - r) / r^2 on |r| <= ln 2 / 2; the error is relative to e^r.',
    precision: 'f32',
    value: series(18, (n) => 1 / factorial(n + 2)),
    weight: (r) => (r * r) / exp(r),
    from: -halfLn2,
    to: halfLn2,
    degree: 4,
  },
  {
    name: 'exp2Quotient',
    note: '(2^f - 1) / f on |f| <= 1/2; the error is relative.',
    precision: 'f32',
    value: exp2Quotient,
    weight: (f) => 1 / exp2Quotient(f),
    from: -margin / 2,
    to: margin / 2,
    degree: 5,
  },
  {
    name: 'logTail',
    note: '(2 atanh(s) / s - 2) / z, z = s^2, s = (m - 1) / (m + 1), m from sqrt(1/2) to sqrt 2; the error is relative to log m.',
    precision: 'f32',
    value: series(24, (n) => 2 / (2 * n + 3)),
    weight: (z) => z / 2,
    from: 0,
    to: logSquare,
    degree: 2,
  },
  {
    name: 'log2Quotient',
    note: 'log2(m) / s, by z as above.',
    precision: 'f64',
    value: series(24, (n) => 2 / (2 * n + 1) / Math.LN2),
    weight: () => Math.LN2 / 2,
    from: 0,
    to: logSquare,
    degree: 4,
  },
  {
    name: 'sineTail',
    note: '(sin r - r) / r^3, by z = r^2, on |r| <= pi/4; the error is relative to r.',
    precision: 'f32',
    value: series(12, (n) => -alternating(n) / factorial(2 * n + 3)),
    weight: (z) => z,
    from: 0,
    to: halfTurnSquare,
    degree: 2,
  },
  {
    name: 'cosineTail',
    note: '(cos r - 1 + r^2/2) / r^4, by z = r^2, on |r| <= pi/4; the error is absolute.',
    precision: 'f32',
    value: series(12, (n) => alternating(n) / factorial(2 * n + 4)),
    weight: (z) => z * z,
    from: 0,
    to: halfTurnSquare,
    degree: 2,
  },
  {
    name: 'erfRate',
    note: 'log2(1 - erf -t) / t on -4 <= t <= 0; the error is relative to erf t.',
    precision: 'f32',
    value: (t) => erfRate(-t),
    weight: (t) => (Math.LN2 * t * (1 - erf(-t))) / erf(-t),
    from: -4,
    to: 0,
    degree: 8,
  },
]

const declaration = (entry: Entry): string => {
  const { coefficients, error } = minimax(entry)
  const rounded = entry.precision === 'f32' ? coefficients.map(Math.fround) : coefficients
  const line = `export const ${entry.name}: readonly number[] = [${rounded.join(', ')}]`
  const lines = `export const ${entry.name}: readonly number[] = [\n${filled(rounded.map((value) => `${value},`))}\n]`
  return `/** ${entry.note} At most ${error.toExponential(1)}, before rounding to ${entry.precision}. */\n${line.length > lineWidth ? lines : line}\n`
}

/** As many words a line as fit, indented. */
const filled = (words: readonly string[]): string => {
  const lines = ['']
  for (const word of words) {
    const longer = `${lines.at(-1)} ${word}`
    if (longer.length < lineWidth) lines[lines.length - 1] = longer
    else lines.push(` ${word}`)
  }
  return lines.map((line) => ` ${line}`).join('\n')
}

const head = `/**
 * Coefficients of the vector math, from the constant term up: minimax polynomials by scripts/generate-polynomials.ts.
 * Generated: change the script, not this file.
 */
`
const text = `${head}\n${entries.map(declaration).join('\n')}`

if (!process.argv.includes('--check')) writeFileSync(target, text)
else if (readFileSync(target, 'utf8') !== text) {
  console.error('src/wasm/math/coefficients.ts is not what scripts/generate-polynomials.ts writes')
  process.exitCode = 1
}
