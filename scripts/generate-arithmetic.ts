/**
 * Writes types/arithmetic.ts: decimal arithmetic on number literals, by tables of digits.
 * `npx tsx scripts/generate-arithmetic.ts` writes the file; with `--check` it only says whether it is up to date.
 */
import { readFileSync, writeFileSync } from 'node:fs'

const target = new URL('../types/arithmetic.ts', import.meta.url)
const digits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
/** More layers of one kind are rare. */
const counts = Array.from({ length: 128 }, (_, n) => n)
const smallDivisors = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]

const quoted = (text: string | number) => `'${text}'`
const row = (cells: readonly (string | number)[]) => `[${cells.map(quoted).join(', ')}]`
const table = (note: string, name: string, rows: readonly (readonly [string | number, string])[]) =>
  `/** ${note} */\ntype ${name} = {\n${rows.map(([key, cells]) => `  ${quoted(key)}: ${cells}`).join('\n')}\n}\n`

/** Two digits: what is carried on, and what stays. */
const pair = (n: number) => `${Math.floor(n / 10)}${n % 10}`
/** `1` before the digit when ten had to be borrowed. */
const borrowed = (n: number) => (n < 0 ? `1${n + 10}` : `0${n}`)
const divided = (n: number, by: number) => `${Math.floor(n / by)}${n % by}`

const byDigits = (note: string, name: string, cell: (a: number, b: number) => string) =>
  table(
    note,
    name,
    digits.map((a) => [a, row(digits.map((b) => cell(a, b)))] as const),
  )

const tables = [
  byDigits('a + b -> carry, digit', 'Sum', (a, b) => pair(a + b)),
  byDigits('a + b + 1 -> carry, digit', 'SumCarry', (a, b) => pair(a + b + 1)),
  byDigits('a - b -> borrow, digit', 'Difference', (a, b) => borrowed(a - b)),
  byDigits('a - b - 1 -> borrow, digit', 'DifferenceBorrow', (a, b) => borrowed(a - b - 1)),
  byDigits('a against b', 'Order', (a, b) => (a < b ? '<' : a > b ? '>' : '=')),
  table(
    'a * b + c -> carry, digit; the key is ab, the index c',
    'Product',
    digits.flatMap((a) => digits.map((b) => [`${a}${b}`, row(digits.map((c) => pair(a * b + c)))] as const)),
  ),
  table(
    'remainder * 10 + digit by a small divisor -> quotient digit, remainder; keys are divisor, remainder, digit',
    'Quotient',
    smallDivisors.map((by) => {
      const remainders = Array.from({ length: by }, (_, r) => `'${r}': ${row(digits.map((d) => divided(r * 10 + d, by)))}`)
      return [by, `{ ${remainders.join('; ')} }`] as const
    }),
  ),
]

const algorithms = `
/** Numbers are strings of digits here; \`Little\` ones have the last digit first. */
type Reverse<S extends string, Done extends string = ''> = S extends \`\${infer Head}\${infer Rest}\` ? Reverse<Rest, \`\${Head}\${Done}\`> : Done
type Trim<S extends string> = S extends \`0\${infer Rest}\` ? (Rest extends '' ? '0' : Trim<Rest>) : S
/** \`never\` from 2^53 on: numbers are not exact there, and a size would read otherwise than it was written. */
type Read<S extends string> =
  IsShort<S> extends true ? Exact<S> : CompareDigits<S, '9007199254740992'> extends '<' ? Exact<S> : never
type Exact<S> = S extends \`\${infer N extends number}\` ? N : never
/** At most 15 digits and nothing else: more than 21 would be written with an exponent. Asked of every size, so it must be cheap. */
export type IsShort<S extends string> = \`\${S}000000\` extends \`\${infer N extends number}\` ? (number extends N ? false : true) : false
/** false where one is not known, has a sign, a fraction or an exponent, or is infinite. */
type Exactly<A extends number, B extends number> = number extends A | B ? false : \`\${A}\${B}\` extends Strange ? false : true
type Strange = \`\${string}\${'-' | '.' | 'e' | 'y'}\${string}\`

type AddLittle<A extends string, B extends string, Carry extends string = '0', Done extends string = ''> =
  A extends \`\${infer a extends Digit}\${infer As}\`
    ? B extends \`\${infer b extends Digit}\${infer Bs}\`
      ? (Carry extends '1' ? SumCarry : Sum)[a][b] extends \`\${infer carry}\${infer digit}\` ? AddLittle<As, Bs, carry, \`\${Done}\${digit}\`> : never
      : Carry extends '0' ? \`\${Done}\${A}\` : AddLittle<A, '0', '1', Done>
    : Carry extends '0' ? \`\${Done}\${B}\` : B extends '' ? \`\${Done}1\` : AddLittle<'0', B, '1', Done>

/** A is not below B. */
type SubLittle<A extends string, B extends string, Borrow extends string = '0', Done extends string = ''> =
  A extends \`\${infer a extends Digit}\${infer As}\`
    ? B extends \`\${infer b extends Digit}\${infer Bs}\`
      ? (Borrow extends '1' ? DifferenceBorrow : Difference)[a][b] extends \`\${infer borrow}\${infer digit}\`
        ? SubLittle<As, Bs, borrow, \`\${Done}\${digit}\`> : never
      : Borrow extends '0' ? \`\${Done}\${A}\` : SubLittle<A, '0', '1', Done>
    : Done

type TimesDigit<A extends string, b extends Digit, Carry extends Digit = '0', Done extends string = ''> =
  A extends \`\${infer a extends Digit}\${infer As}\`
    ? Product[\`\${a}\${b}\`][Carry] extends \`\${infer carry extends Digit}\${infer digit}\` ? TimesDigit<As, b, carry, \`\${Done}\${digit}\`> : never
    : Carry extends '0' ? Done : \`\${Done}\${Carry}\`

/** \`High\` is the part of the sum that later digits of B still change, \`Done\` the part they do not. */
type MulLittle<A extends string, B extends string, High extends string = '', Done extends string = ''> =
  B extends \`\${infer b extends Digit}\${infer Bs}\`
    ? AddLittle<TimesDigit<A, b>, High> extends \`\${infer digit}\${infer Rest}\` ? MulLittle<A, Bs, Rest, \`\${Done}\${digit}\`> : never
    : \`\${Done}\${High}\`

/** The first digit that differs decides, unless one number is longer. */
type CompareDigits<A extends string, B extends string, SoFar = '='> =
  A extends \`\${infer a extends Digit}\${infer As}\`
    ? B extends \`\${infer b extends Digit}\${infer Bs}\` ? CompareDigits<As, Bs, SoFar extends '=' ? Order[a][b] : SoFar> : '>'
    : B extends '' ? SoFar : '<'

type Subtract<A extends string, B extends string> = Trim<Reverse<SubLittle<Reverse<A>, Reverse<B>>>>

/** Long division -> [quotient, remainder]. */
type DivideLong<A extends string, By extends string, Remainder extends string = '0', Done extends string = ''> =
  A extends \`\${infer a}\${infer As}\`
    ? QuotientDigit<Trim<\`\${Remainder}\${a}\`>, By> extends [infer q extends string, infer r extends string] ? DivideLong<As, By, r, \`\${Done}\${q}\`> : never
    : [Trim<Done>, Remainder]
/** The divisor is subtracted while it fits. */
type QuotientDigit<Rest extends string, By extends string, q extends Digit = '0'> =
  CompareDigits<Rest, By> extends '<' ? [q, Rest] : QuotientDigit<Subtract<Rest, By>, By, Next[q]>
type Next = { ${digits.map((d) => `'${d}': '${(d + 1) % 10}'`).join('; ')} }

type DivideShort<A extends string, By, Remainder extends string = '0', Done extends string = ''> =
  A extends \`\${infer a}\${infer As}\`
    ? By[Remainder & keyof By] extends infer Row
      ? Row[a & keyof Row] extends \`\${infer q}\${infer r}\` ? DivideShort<As, By, r, \`\${Done}\${q}\`> : never
      : never
    : [Trim<Done>, Remainder]
type Divide<A extends string, By extends string> = By extends keyof Quotient ? DivideShort<A, Quotient[By]> : DivideLong<A, By>

/** A + B; \`never\` from 2^53 on */
export type Add<A extends number, B extends number> = Exactly<A, B> extends false ? never : A extends 0 ? B : B extends 0 ? A : Read<Reverse<AddLittle<Reverse<\`\${A}\`>, Reverse<\`\${B}\`>>>>
/** A + 1. What counts things in a model stays small, and a table is cheaper for a checker than digits. */
export type Increment<A extends number> = A extends keyof Incremented ? Incremented[A] : Add<A, 1>
type Incremented = { ${counts.map((n) => `${n}: ${n + 1}`).join('; ')} }
/** A - B; \`never\` below zero */
export type Sub<A extends number, B extends number> = Exactly<A, B> extends false ? never : B extends 0 ? A : CompareDigits<\`\${A}\`, \`\${B}\`> extends '<' ? never : Read<Subtract<\`\${A}\`, \`\${B}\`>>
/** A * B; \`never\` from 2^53 on */
export type Mul<A extends number, B extends number> = Exactly<A, B> extends false ? never : A extends 1 ? B : B extends 1 ? A : Read<Trim<Reverse<MulLittle<Reverse<\`\${A}\`>, Reverse<\`\${B}\`>>>>>
/** The whole part of A / B; \`never\` for a divisor of zero */
export type Div<A extends number, B extends number> = Exactly<A, B> extends false ? never : B extends 1 ? A : B extends 0 ? never : Read<Divide<\`\${A}\`, \`\${B}\`>[0]>
/** What A / B leaves; \`never\` for a divisor of zero */
export type Mod<A extends number, B extends number> = Exactly<A, B> extends false ? never : B extends 1 ? 0 : B extends 0 ? never : Read<Divide<\`\${A}\`, \`\${B}\`>[1]>
/** \`'<'\`, \`'='\` or \`'>'\` */
export type Compare<A extends number, B extends number> = Exactly<A, B> extends false ? never : CompareDigits<\`\${A}\`, \`\${B}\`>
`

const file = `// biome-ignore-all format: written by scripts/generate-arithmetic.ts, a row of a table on a line
/**
 * Arithmetic on literal sizes (whole numbers below 2^53) for the compiler, by tables of decimal digits. What is
 * no such number, given or as a result, makes \`never\`: the rules have a sentence for it.
 * Tuples whose length is counted would not do: a product of a few hundred fills the memory of a machine.
 */

type Digit = ${digits.map(quoted).join(' | ')}
${tables.join('')}${algorithms}`

const current = () => {
  try {
    return readFileSync(target, 'utf8')
  } catch {
    return ''
  }
}
if (!process.argv.includes('--check')) writeFileSync(target, file)
else if (current() !== file) {
  console.error('types/arithmetic.ts is not what scripts/generate-arithmetic.ts writes')
  process.exitCode = 1
}
