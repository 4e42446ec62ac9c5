/**
 * Law 3: type twin and value twin agree. The compiler infers the shape that the value function returns, and refuses exactly
 * what the other throws, with the same sentence.
 */
import { transformSync } from 'esbuild'
import fc from 'fast-check'
import * as shapewright from 'shapewright'
import * as ops from 'shapewright/ops'
import type { Answer } from '../../scripts/typescript/ask.ts'
import { nested } from '../generators/applications/nested.ts'
import { type Application, type Applications, weighted } from '../generators/applications/words.ts'
import { inOrder, refused, right, told } from './told.ts'

/** What JavaScript makes of an application: what its result is told as, or the sentence. */
export type Ran = { readonly told: string } | { readonly sentence: string }
/** An application with what it must come to. */
export interface Expected {
  readonly op: string
  readonly code: string
  readonly ran: Ran
}

const inScope: Readonly<Record<string, unknown>> = { ...shapewright, ops, right }
/** What stands above the applications for the compiler. */
export const preamble = [
  `import { ${Object.keys(shapewright).join(', ')} } from 'shapewright'`,
  "import * as ops from 'shapewright/ops'",
  "import type { Classes, Dataset, Dim, Key, Params, Shape, Spec, Statistic, Tensor } from 'shapewright'",
  "import { right, type Told } from './types-rules/told.ts'",
].join('\n')

/** Runs applications, without their types. What is neither a value nor a sentence is thrown. */
export const run = (codes: readonly string[]): readonly Ran[] => {
  const { code } = transformSync(`export default [${codes.map((each) => `() => (${each})`).join(',\n')}]`, { loader: 'ts', format: 'cjs' })
  const module: { exports: { default?: readonly (() => unknown)[] } } = { exports: {} }
  new Function('module', 'exports', ...Object.keys(inScope), code)(module, module.exports, ...Object.values(inScope))
  return (module.exports.default ?? []).map((each, i) => runOne(codes[i] as string, each))
}
const runOne = (code: string, each: () => unknown): Ran => {
  try {
    const value = each()
    return isLeft(value) ? { sentence: value.left.message } : { told: told(value) }
  } catch (error) {
    if (!(error instanceof shapewright.ShapeError)) throw new Error(`${code} fails`, { cause: error })
    return { sentence: error.message }
  }
}
const isLeft = (value: unknown): value is { readonly left: { readonly message: string } } =>
  typeof value === 'object' && value !== null && '_tag' in value && value._tag === 'Left'

/** An application, and its code with some operands as nested calls, one time in four; else twice the same. */
interface Drawn {
  readonly application: Application
  readonly code: string
}
const withNested = (application: Application): fc.Arbitrary<Drawn> => {
  const plain = codeOf(application)
  return weighted([3, fc.constant(plain)], [1, nested(plain)]).map((code) => ({ application, code }))
}

/** `count` applications of an entry, of which 55 % are right, as far as it draws them; no two the same. */
export const draw = (op: string, entry: Applications, count: number, seed: number): readonly Expected[] => {
  const drawn = fc.sample(entry.chain(withNested), { numRuns: 3 * count + 20, seed })
  const unlike = [...new Map(drawn.map((each) => [each.code, each])).values()]
  const ran = run(unlike.map(({ application }) => codeOf(application)))
  checkNested(unlike, ran)
  const all = unlike.map(({ application, code }, i): Expected => ({ op, code, ran: expected(application, ran[i] as Ran) }))
  const [right, wrong] = [all.filter(({ ran }) => 'told' in ran), all.filter(({ ran }) => 'sentence' in ran)]
  const rights = Math.min(right.length, Math.max(Math.round(0.55 * count), count - wrong.length))
  return [...right.slice(0, rights), ...wrong.slice(0, count - rights)]
}
/** By value a nested call is what it gives: the same comes of it, as the types are asked to say. */
const checkNested = (drawn: readonly Drawn[], ran: readonly Ran[]): void => {
  const calls = drawn.flatMap(({ application, code }, i) => (code === codeOf(application) ? [] : [{ code, plain: ran[i] as Ran }]))
  for (const [i, each] of run(calls.map(({ code }) => code)).entries()) {
    const { code, plain } = calls[i] as (typeof calls)[number]
    if (textOf(each) !== textOf(plain)) throw new Error(`${code} gives ${textOf(each)}, without nested calls ${textOf(plain)}`)
  }
}
const textOf = (ran: Ran): string => ('told' in ran ? ran.told : ran.sentence)
export const codeOf = (application: Application): string => (typeof application === 'string' ? application : application.code)
const expected = (application: Application, ran: Ran): Ran => (typeof application === 'string' ? ran : { sentence: application.sentence })

/** What the compiler should have said and did not, or null. */
export const disagreement = ({ code, ran }: Expected, { type, errors }: Answer): string | null => {
  const compiled = errors[0] ?? `it is ${type}`
  if ('told' in ran)
    return errors.length === 0 && inOrder(type) === ran.told ? null : `${code}\n  by value: ${ran.told}\n  by type:  ${compiled}`
  const agrees = errors.length > 0 ? errors.some((error) => error.endsWith(`"${ran.sentence}"'.`)) : type === refused(ran.sentence)
  return agrees ? null : `${code}\n  by value: ${ran.sentence}\n  by type:  ${compiled}`
}

/** The ranks of the shapes in an application. */
export const ranksIn = (code: string): readonly number[] =>
  [...code.matchAll(/\[([^[\]]*)\]/g)].map(([, inside = '']) => (inside === '' ? 0 : inside.replace(/\(.*?\)/g, '').split(',').length))
