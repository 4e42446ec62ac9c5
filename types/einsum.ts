/**
 * Einstein's summation, read from its equation: a letter names an axis, equal letters have equal sizes, and what is not
 * in the output is summed. The dims of `...` broadcast from operand to operand by the rule of binary operations.
 */
import { type BinaryShape, binaryShape } from './broadcast.ts'
import type { Dim, Dims, DType, Shape } from './dim.ts'
import { type DTypeFault, dtypeFault } from './dtype.ts'
import { type Around, type Matched, matched } from './ellipsis.ts'
import type { Same } from './same.ts'
import { type Say, say } from './say.ts'
import type { SizeFault } from './size.ts'
import type { Tensor } from './tensor.ts'

const wideEquation = 'einsum: the equation is not a literal'
const noEquation = "einsum: '{equation}' is not an equation, as 'ij,jk->ik'"
const noLetter = "einsum: the output letter {letter} of '{equation}' is in no operand"
const twice = "einsum: the output letter {letter} of '{equation}' is there twice"
const noDots = "einsum: the output of '{equation}' lacks ..."
const otherCount = "einsum: operands of '{equation}': expected {expected}, got {got}"
const wideCount = 'einsum: the number of tensors is not known'
const wideShape = 'einsum: the shape of a tensor is not known'
const otherRank = "einsum: '{term}' has {rank} letters, got {shape}"
const lowRank = "einsum: '{term}' needs rank >= {rank}, got {shape}"
const clash = 'einsum: {letter} is {a} in {first} and {b} in {second}'

/** In the order of an output that is not written, which is NumPy's. */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
type Chars<S extends string, Done extends string[] = []> = S extends `${infer Head}${infer Rest}` ? Chars<Rest, [...Done, Head]> : Done
type Alphabet = Chars<typeof alphabet>
type Letter = Alphabet[number]

// -- the equation

type Compact<S extends string> = S extends `${infer Before} ${infer After}` ? Compact<`${Before}${After}`> : S
/** The letters of an operand around its `...`, boxed with its text; null where something else is in it. */
type ParseTerm<S extends string> = S extends `${infer Before}...${infer After}`
  ? [ParseLetters<Before>, ParseLetters<After>] extends [infer B extends string[], infer A extends string[]]
    ? [B, A, S]
    : null
  : ParseLetters<S> extends infer B extends string[]
    ? [B, null, S]
    : null
type ParseLetters<S extends string, Done extends string[] = []> = S extends `${infer Head extends Letter}${infer Rest}`
  ? ParseLetters<Rest, [...Done, Head]>
  : S extends ''
    ? Done
    : null
type ParseTerms<S extends string, Done extends unknown[] = []> = S extends `${infer Head},${infer Rest}`
  ? ParseTerm<Head> extends infer T extends unknown[]
    ? ParseTerms<Rest, [...Done, T]>
    : null
  : ParseTerm<S> extends infer T extends unknown[]
    ? [...Done, T]
    : null

type All<Ts, Done extends unknown[] = []> = Ts extends [[infer B extends unknown[], infer A, string], ...infer Rest]
  ? All<Rest, A extends unknown[] ? [...Done, ...B, ...A] : [...Done, ...B]>
  : Done
type HasDots<Ts> = Ts extends [[unknown, infer A, string], ...infer Rest] ? (A extends unknown[] ? true : HasDots<Rest>) : false
/** The letters that occur once, in the order of the alphabet. */
type Sorted<Once, Rest = Alphabet, Done extends unknown[] = []> = Rest extends [infer Head, ...infer Tail]
  ? Sorted<Once, Tail, Head extends Once ? [...Done, Head] : Done>
  : Done
type OccurOnce<Ls, Seen = never, More = never> = Ls extends [infer Head, ...infer Rest]
  ? OccurOnce<Rest, Seen | Head, Head extends Seen ? More | Head : More>
  : Exclude<Seen, More>

type OutputFault<E, Dots, Out, Known> = Out extends [infer B extends unknown[], infer A, string]
  ? LetterFault<E, A extends unknown[] ? [...B, ...A] : B, Known> extends infer Fault extends string
    ? Fault
    : Dots extends true
      ? A extends null
        ? Say<typeof noDots, { equation: E }>
        : null
      : A extends null
        ? null
        : Say<typeof noLetter, { letter: '...'; equation: E }>
  : null
type LetterFault<E, Ls, Known, Seen = never> = Ls extends [infer Head, ...infer Rest]
  ? Head extends Known
    ? Head extends Seen
      ? Say<typeof twice, { letter: Head; equation: E }>
      : LetterFault<E, Rest, Known, Seen | Head>
    : Say<typeof noLetter, { letter: Head; equation: E }>
  : null

/** The operands of an equation and its output, or the message. */
export type Equation<E extends string> =
  SizeFault<E> extends 'wide'
    ? typeof wideEquation
    : Compact<E> extends `${infer In}->${infer Out}`
      ? [ParseTerms<In>, ParseTerm<Out>] extends [infer Ts extends unknown[], infer O extends unknown[]]
        ? OutputFault<E, HasDots<Ts>, O, All<Ts>[number]> extends infer Fault extends string
          ? Fault
          : [Ts, O]
        : Say<typeof noEquation, { equation: E }>
      : ParseTerms<Compact<E>> extends infer Ts extends unknown[]
        ? [Ts, HasDots<Ts> extends true ? [[], Sorted<OccurOnce<All<Ts>>>, ''] : [Sorted<OccurOnce<All<Ts>>>, null, '']]
        : Say<typeof noEquation, { equation: E }>

// -- its operands

/** What letters have been found to be, the shape where that was, and what `...` is. */
interface Found {
  readonly letters: unknown
  readonly dots: Shape
}
interface Nothing {
  // biome-ignore lint/complexity/noBannedTypes: the unit of the intersection that operands grow
  letters: {}
  dots: []
}

/** What the first letters of an operand are; or the message. Its own box, as a letter may have any size. */
type Bind<Ls, Ds, S, Known> = [Ls, Ds] extends [[infer l extends string, ...infer Lrest], [infer d, ...infer Drest]]
  ? l extends keyof Known
    ? Known[l] extends [infer D, infer First]
      ? Same<D, d> extends true
        ? Bind<Lrest, Drest, S, Known>
        : Say<typeof clash, { letter: l; a: D; first: First; b: d; second: S }>
      : never
    : Bind<Lrest, Drest, S, Known & { [K in l]: [d, S] }>
  : [Known]
type WithOperand<T, S extends Shape, D, F extends Found> =
  DTypeFault<'einsum', 'f32', D> extends infer Fault extends string
    ? Fault
    : T extends [infer B extends unknown[], infer A, infer Text]
      ? Matched<B, A, S> extends [infer Ds, infer Between]
        ? Bind<A extends unknown[] ? [...B, ...A] : B, Ds, S, F['letters']> extends infer R
          ? R extends [infer Letters]
            ? Between extends Shape
              ? BinaryShape<'einsum', F['dots'], Between> extends infer W
                ? W extends [infer Dots extends Shape]
                  ? { letters: Letters; dots: Dots }
                  : W
                : never
              : { letters: Letters; dots: F['dots'] }
            : R
          : never
        : A extends unknown[]
          ? Say<typeof lowRank, { term: Text; rank: [...B, ...A]['length']; shape: S }>
          : Say<typeof otherRank, { term: Text; rank: B['length']; shape: S }>
      : never
/** What all operands say; or a tuple that ends in the first message, at the place of its operand. */
type Operands<Ts, Tensors, F extends Found = Nothing, Done extends unknown[] = []> = [Ts, Tensors] extends [
  [infer T, ...infer Trest],
  [infer X, ...infer Xrest],
]
  ? [X] extends [Tensor<infer S, infer D>]
    ? 0 extends 1 & S
      ? [...Done, typeof wideShape]
      : WithOperand<T, S, D, F> extends infer R
        ? R extends Found
          ? Operands<Trest, Xrest, R, [...Done, unknown]>
          : [...Done, R]
        : never
    : [...Done, typeof wideShape]
  : F

type Output<O, F extends Found> = O extends [infer B, infer A, string]
  ? A extends unknown[]
    ? [...Sizes<B, F['letters']>, ...F['dots'], ...Sizes<A, F['letters']>]
    : Sizes<B, F['letters']>
  : never
type Sizes<Ls, Known, Done extends unknown[] = []> = Ls extends [infer Head, ...infer Rest]
  ? Known[Head & keyof Known] extends [infer D, unknown]
    ? Sizes<Rest, Known, [...Done, D]>
    : never
  : Done

/** The terms of these operands: of all that the equation has, or of all after the first; null for any other number. */
type TermsOf<Ts, Tensors extends readonly unknown[]> = Tensors['length'] extends (Ts & unknown[])['length']
  ? Ts
  : Ts extends [unknown, ...infer Rest]
    ? Tensors['length'] extends Rest['length']
      ? Rest
      : null
    : null
/** What is wrong with the equation for that many operands: the message, or null. */
export type EquationFault<E extends string, Tensors extends readonly unknown[]> =
  Equation<E> extends infer P
    ? P extends [infer Ts, unknown]
      ? number extends Tensors['length']
        ? null
        : TermsOf<Ts, Tensors> extends null
          ? Say<typeof otherCount, { equation: E; expected: (Ts & unknown[])['length']; got: Tensors['length'] }>
          : null
      : P
    : never
/** What operands say of themselves, the first of all or not; or a tuple that ends in the first message, at the place of its operand. */
export type OperandFaults<E extends string, Tensors extends readonly unknown[]> =
  Equation<E> extends [infer Ts, unknown] ? Operands<TermsOf<Ts, Tensors>, Tensors> : null
/** The shape of all operands together, or the first message. */
export type EinsumShape<E extends string, Tensors extends readonly unknown[]> =
  Equation<E> extends infer P
    ? P extends [infer Ts, infer O]
      ? Operands<Ts, Tensors> extends infer F
        ? F extends Found
          ? Output<O, F>
          : F extends [...unknown[], infer Fault]
            ? Fault
            : never
        : never
      : P
    : never
/**
 * What the compiler does not know, the message; or null. No argument is wrong then, as `any` may stand everywhere: the
 * result says it.
 */
export type EinsumUnknown<E, Tensors extends readonly unknown[]> = string extends E
  ? typeof wideEquation
  : number extends Tensors['length']
    ? typeof wideCount
    : Loose<Tensors>
type Loose<Tensors> = Tensors extends readonly [infer Head, ...infer Rest] ? (0 extends 1 & Head ? typeof wideShape : Loose<Rest>) : null

// -- the same at run time

/** The letters of an operand around its `...`. */
export interface Term {
  readonly around: Around<string>
  readonly text: string
}
export interface Einsum {
  readonly terms: readonly Term[]
  readonly output: Term
}
interface Operand {
  readonly shape: Dims
  readonly dtype: DType
}

/** The letters of a term in their order, without `...`. */
export const lettersOf = ({ around: [before, after] }: Term): readonly string[] => [...before, ...(after ?? [])]
const hasDots = ({ around }: Term): boolean => around[1] !== null

const term = (text: string): Term | null => {
  const [, before, dots, after] = /^([A-Za-z]*)(?:(\.\.\.)([A-Za-z]*))?$/.exec(text) ?? []
  return before === undefined ? null : { around: [[...before], dots === undefined ? null : [...(after ?? '')]], text }
}

/** The operands of an equation and its output, or the message. */
export const equationOf = (equation: string): Einsum | string => {
  if (typeof equation !== 'string') return wideEquation
  const [inputs = '', written, ...more] = equation.replaceAll(' ', '').split('->')
  const terms = inputs.split(',').map(term)
  const output = written === undefined ? implied(terms.filter((each) => each !== null)) : term(written)
  if (output === null || more.length > 0 || !terms.every((each) => each !== null)) return say(noEquation, { equation })
  return outputFault(equation, terms, output) ?? { terms, output }
}
const implied = (terms: readonly Term[]): Term => {
  const all = terms.flatMap(lettersOf)
  const once = [...alphabet].filter((letter) => all.filter((each) => each === letter).length === 1)
  return { around: terms.some(hasDots) ? [[], once] : [once, null], text: '' }
}
const outputFault = (equation: string, terms: readonly Term[], output: Term): string | null => {
  const known = new Set(terms.flatMap(lettersOf))
  const letters = lettersOf(output)
  for (const [i, letter] of letters.entries()) {
    if (!known.has(letter)) return say(noLetter, { letter, equation })
    if (letters.indexOf(letter) < i) return say(twice, { letter, equation })
  }
  if (terms.some(hasDots) === hasDots(output)) return null
  return hasDots(output) ? say(noLetter, { letter: '...', equation }) : say(noDots, { equation })
}

/** The message for a number of operands with which the equation can't do, or null. One fewer waits for the first. */
export const countFault = (equation: string, { terms }: Einsum, got: number): string | null =>
  got === terms.length || got === terms.length - 1 ? null : say(otherCount, { equation, expected: terms.length, got })

interface Bindings {
  readonly letters: ReadonlyMap<string, readonly [Dim, Dims]>
  readonly dots: Dims
}
/** What all operands say about letters and `...`, or the first message. */
const found = (terms: readonly Term[], operands: readonly Operand[]): Bindings | string => {
  let known: Bindings = { letters: new Map(), dots: [] }
  for (const [i, operand] of operands.entries()) {
    const more = withOperand(known, terms[i] as Term, operand)
    if (typeof more === 'string') return more
    known = more
  }
  return known
}
const withOperand = (known: Bindings, term: Term, { shape, dtype }: Operand): Bindings | string => {
  const wrong = dtypeFault('einsum', ['f32'], dtype)
  if (wrong !== null) return wrong
  const match = matched(term.around, shape)
  if (match === null) return say(hasDots(term) ? lowRank : otherRank, { term: term.text, rank: lettersOf(term).length, shape })
  const letters = new Map(known.letters)
  for (const [i, letter] of lettersOf(term).entries()) {
    const [dim, [a, first]] = [match[0][i] as Dim, letters.get(letter) ?? [match[0][i] as Dim, shape]]
    if (a !== dim) return say(clash, { letter, a, first, b: dim, second: shape })
    letters.set(letter, [a, first])
  }
  const dots = match[1] === null ? known.dots : binaryShape('einsum', known.dots, match[1])
  return typeof dots === 'string' ? dots : { letters, dots }
}
/** The message for operands that come after the first, which is not known yet; or null. */
export const restFault = ({ terms }: Einsum, rest: readonly Operand[]): string | null => {
  const known = found(terms.slice(1), rest)
  return typeof known === 'string' ? known : null
}
/** The shape of all operands together, or the first message. */
export const einsumShape = ({ terms, output }: Einsum, operands: readonly Operand[]): Dims | string => {
  const known = found(terms, operands)
  if (typeof known === 'string') return known
  const [before, after] = output.around.map((letters) => letters?.map((letter) => known.letters.get(letter)?.[0] as Dim))
  return after === undefined ? (before as Dims) : [...(before as Dims), ...known.dots, ...after]
}
