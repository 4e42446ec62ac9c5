/**
 * Law 3 for layers: the compiler infers the shape that the value declares, and rejects a stack exactly when the value
 * throws, with the same sentence. Random stacks are written as one source and checked at once.
 */
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as shapewright from '../../src/index.ts'
import { ShapeError } from '../../types/shape-error.ts'
import { show } from '../../types/show.ts'
import { type Checked, checkStatements } from './check-statements.ts'

/** A layer, or an input, as source and as what that source makes. */
interface Piece {
  readonly text: string
  readonly make: () => unknown
}
// biome-ignore lint/suspicious/noExplicitAny: values that no type has seen
type Untyped = (...given: any[]) => any
const call = (name: string, ...given: readonly unknown[]): Piece => ({
  text: `${name}(${given.map(source).join(', ')})`,
  make: () => (shapewright as unknown as Readonly<Record<string, Untyped>>)[name]?.(...given.map(made)),
})
const value = (name: string): Piece => ({ text: name, make: () => (shapewright as Readonly<Record<string, unknown>>)[name] })
const isPiece = (x: unknown): x is Piece => typeof x === 'object' && x !== null && 'make' in x
const source = (x: unknown): string => (isPiece(x) ? x.text : Array.isArray(x) ? `[${x.map(source).join(', ')}]` : JSON.stringify(x))
const made = (x: unknown): unknown => (isPiece(x) ? x.make() : Array.isArray(x) ? x.map(made) : x)

const size = fc.constantFrom(0, 1, 2, 3, 4)
const bound = size.map((n) => call('dim', `d${n}`, n))
const units = fc.oneof({ weight: 4, arbitrary: size }, { weight: 1, arbitrary: bound })
const name = fc.constantFrom('a', 'b', 'c', 'dense1')
const { layer } = fc.letrec<{ layer: Piece; leaf: Piece }>((tie) => ({
  leaf: fc.oneof(
    { weight: 5, arbitrary: units.map((n) => call('dense', n)) },
    { weight: 1, arbitrary: fc.tuple(units, units).map(([m, n]) => call('dense', m, n)) },
    { weight: 1, arbitrary: fc.tuple(units, name).map(([n, label]) => call('dense', n, label)) },
    { weight: 1, arbitrary: fc.tuple(units, name).map(([n, label]) => call('dense', n, { name: label })) },
    {
      weight: 4,
      arbitrary: fc.constantFrom(value('relu'), call('softmax', -1), call('dropout', 0.5), value('flatten'), call('softmax', -2)),
    },
  ),
  layer: fc.oneof(
    { maxDepth: 2 },
    { weight: 5, arbitrary: tie('leaf') },
    { weight: 2, arbitrary: fc.array(tie('layer'), { minLength: 1, maxLength: 3 }).map((layers) => call('block', ...layers)) },
    { weight: 1, arbitrary: tie('layer').map((inner) => call('residual', inner)) },
    { weight: 1, arbitrary: fc.tuple(size, tie('layer')).map(([n, inner]) => call('residual', call('block', inner, call('dense', n)))) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom('addBranches', 'concatBranches'), fc.array(tie('layer'), { minLength: 1, maxLength: 3 }))
        .map(([joining, branches]) => call(joining, ...branches)),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(size, tie('layer'))
        .map(([n, inner]) => call('addBranches', call('block', inner, call('dense', n)), call('dense', n))),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(name, tie('layer')).map(([label, inner]) => {
        const named = call('named', label)
        return { text: `${named.text}(${inner.text})`, make: () => (named.make() as Untyped)(inner.make()) }
      }),
    },
  ),
}))
const inputs = fc.oneof(
  { weight: 6, arbitrary: fc.array(units, { minLength: 1, maxLength: 3 }).map((dims) => call('input', dims)) },
  { weight: 3, arbitrary: fc.array(units, { minLength: 1, maxLength: 2 }).map((dims) => call('input', ['time', ...dims])) },
  { weight: 1, arbitrary: fc.constantFrom(call('input', []), call('input', ['time', 3], 'i32')) },
  { weight: 1, arbitrary: fc.constantFrom(call('input', [4, 'time']), call('input', [-1]), call('input', [2.5, 3])) },
)
const refused = fc.constantFrom(
  call('dense', -3),
  call('dense', 2, 2.5),
  call('dense', 3, 'a.b'),
  call('dense', 3, { units: 4 }),
  call('addBranches'),
  call('concatBranches'),
)
const piece = fc.oneof({ weight: 20, arbitrary: layer }, { weight: 1, arbitrary: refused })
const stack = fc.tuple(inputs, fc.array(piece, { minLength: 1, maxLength: 4 }))

/** The shape that the stack declares, or the sentence that it throws. Layers are made one by one, as they are checked. */
const declared = ([first, rest]: readonly [Piece, readonly Piece[]]): string => {
  try {
    const model = rest.reduce<unknown>((extended, piece) => (piece.make() as Untyped)(extended), first.make())
    return show((model as { readonly output: readonly number[] }).output)
  } catch (error) {
    if (error instanceof ShapeError) return error.message
    throw error
  }
}

describe('types and values of layers', () => {
  const stacks = fc.sample(stack, { numRuns: 300, seed: 20260 })
  const wanted = stacks.map(declared)
  const found: readonly Checked[] = checkStatements(
    fileURLToPath(new URL('./twins.generated.ts', import.meta.url)),
    "import { addBranches, block, concatBranches, dense, dim, dropout, flatten, input, named, type Out, pipe, relu, residual, softmax } from '../../src/index.ts'\nimport type { Show } from '../../types/show.ts'\n",
    stacks.map(([first, rest]) => `pipe(${[first, ...rest].map(({ text }) => text).join(', ')})`),
    (name) => `Show<Out<typeof ${name}>>`,
  )

  it('agree on shapes and on sentences', () => {
    const wrong = stacks.flatMap(([first, rest], i) => {
      const { errors, type } = found[i] as Checked
      const sentence = wanted[i] as string
      const agrees = sentence.startsWith('[')
        ? errors.length === 0 && type === `"${sentence}"`
        : errors.some((error) => error.endsWith(`'"${sentence}"'.`))
      return agrees ? [] : [{ stack: [first, ...rest].map(({ text }) => text).join(', '), sentence, type, errors }]
    })
    expect(wrong).toEqual([])
  })

  it('were asked about both', () => {
    const shapes = wanted.filter((each) => each.startsWith('['))
    expect(shapes.length).toBeGreaterThan(60)
    expect(
      new Set(wanted.filter((each) => !each.startsWith('[')).map((each) => each.replace(/\d+|'.*?'|\[.*?\]/g, '_'))).size,
    ).toBeGreaterThan(8)
  })
})
