/** Nothing that comes from outside crashes a codec or makes a wrong tensor, and nothing is lost on the way out and in. */
import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import { dense, dim, input, key, paramsOf, pipe, relu, tensorOf, toArray, toTypedArray, zeros } from 'shapewright'
import { describe, expect, it } from 'vitest'
import { data } from '../../../src/graph/expression.ts'
import type { Node } from '../../../src/graph/node.ts'
import { sizeOfDim } from '../../../types/elements.ts'
import { runs } from '../../generators/runs.ts'

type Codec = t.Type<Node, unknown, unknown>
type DType = 'f32' | 'i32' | 'bool'
interface Plan {
  readonly dims: readonly (number | string)[]
  readonly sizes: readonly number[]
  readonly dtype: DType
  readonly bound: boolean
}
const untyped = tensorOf as unknown as (shape: unknown, dtype: DType) => Codec
const codecOf = ({ dims, sizes, dtype, bound }: Plan): Codec =>
  untyped(
    dims.map((d, i) => (bound && d === 'n' ? dim('n', sizes[i] as number) : d)),
    dtype,
  )

/** A shape of ranks 0 to 4 with literal and named sizes, 0 and 1 among them; one name has one size. */
const plans: fc.Arbitrary<Plan> = fc
  .record({
    axes: fc.array(fc.constantFrom<'literal' | 'n' | 'm'>('literal', 'n', 'm'), { maxLength: 4 }),
    sizes: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 4, maxLength: 4 }),
    n: fc.integer({ min: 0, max: 4 }),
    m: fc.integer({ min: 0, max: 4 }),
    dtype: fc.constantFrom<DType>('f32', 'i32', 'bool'),
    bound: fc.boolean(),
  })
  .map(({ axes, sizes, n, m, dtype, bound }) => {
    const sized = axes.map((axis, i) => (axis === 'literal' ? (sizes[i] as number) : axis === 'n' ? n : m))
    return { dims: axes.map((axis, i) => (axis === 'literal' ? (sizes[i] as number) : axis)), sizes: sized, dtype, bound }
  })

const count = (sizes: readonly number[]): number => sizes.reduce((product, size) => product * size, 1)
const elements = ({ dtype, sizes }: Plan): fc.Arbitrary<readonly number[]> => {
  const element = {
    f32: fc.oneof(fc.float(), fc.constantFrom(Number.NaN, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)),
    i32: fc.integer(),
    bool: fc.constantFrom(0, 1),
  }
  return fc.array(element[dtype], { minLength: count(sizes), maxLength: count(sizes) })
}
const planned = plans.chain((plan) => elements(plan).map((values) => ({ plan, values })))
const arrays = { f32: Float32Array, i32: Int32Array, bool: Uint8Array }
const nodeOf = ({ dims, sizes, dtype }: Plan, values: readonly number[]): Node =>
  data(
    arrays[dtype].from(values),
    dims,
    dtype,
    Object.fromEntries(dims.flatMap((d, i) => (typeof d === 'string' ? [[d, sizes[i] as number]] : []))),
  )
const bitsOf = (node: Node) => [node.shape, node.dtype, node.sizes, new Uint8Array(toTypedArray(node as never).slice().buffer)]

/** A name inside an array without items has no size that nested arrays could tell. */
const follows = ({ dims, sizes, bound }: Plan): boolean => {
  const seen = sizes.includes(0) ? sizes.indexOf(0) + 1 : sizes.length
  const known = new Set(dims.slice(0, seen))
  return dims.every((d) => typeof d === 'number' || known.has(d) || (bound && d === 'n'))
}

describe('out and in again', () => {
  it('decode . encode is the identity, bit for bit, also through JSON', () => {
    fc.assert(
      fc.property(planned, ({ plan, values }) => {
        const [codec, node] = [codecOf(plan), nodeOf(plan, values)]
        const plain = codec.encode(node)
        for (const given of [plain, JSON.parse(JSON.stringify(plain)) as unknown]) {
          const back = codec.decode(given)
          if (!follows(plan)) expect(E.isLeft(back)).toBe(true)
          else expect(E.isRight(back) && bitsOf(back.right)).toEqual(bitsOf(node))
        }
        const same = codec.decode(node)
        expect(E.isRight(same) && bitsOf(same.right)).toEqual(bitsOf(node))
      }),
      runs(600),
    )
  })
  it('typed arrays too, where the length tells the sizes', () => {
    fc.assert(
      fc.property(planned, ({ plan, values }) => {
        const back = codecOf(plan).decode(arrays[plan.dtype].from(values))
        const open = new Set(plan.dims.filter((d) => typeof d === 'string' && !(plan.bound && d === 'n')))
        if (open.size === 0 || (open.size === 1 && !plan.sizes.includes(0)))
          expect(E.isRight(back) && bitsOf(back.right)).toEqual(bitsOf(nodeOf(plan, values)))
        else expectRightIsTrue(plan, back)
      }),
      runs(400),
    )
  })
})

/** Whatever was decoded has the shape that its type says, every size known, as many elements as that. */
const expectRightIsTrue = ({ dims, dtype }: Plan, decoded: E.Either<t.Errors, Node>): void => {
  if (E.isLeft(decoded)) {
    expect(decoded.left.length).toBeGreaterThan(0)
    expect(decoded.left.length).toBeLessThanOrEqual(10)
    for (const { message } of decoded.left) expect(message).toMatch(/expected .+, got .+/)
    return
  }
  const { op, shape, sizes, attributes } = decoded.right
  expect([op, shape, decoded.right.dtype]).toEqual(['data', dims, dtype])
  const known = shape.map((d) => sizeOfDim(d, sizes))
  expect(known.includes(null)).toBe(false)
  expect((attributes as { readonly values: { readonly length: number } }).values.length).toBe(count(known as readonly number[]))
}

/** The elements of nested arrays of these sizes, or null: what a decoder without cleverness would do. */
const naive = (x: unknown, { dims, dtype, bound, sizes: planSizes }: Plan): readonly number[] | null => {
  const known = new Map<string, number>(bound ? dims.flatMap((d, i) => (d === 'n' ? [['n', planSizes[i] as number] as const] : [])) : [])
  const found: number[] = []
  const holds = (value: unknown): boolean => {
    if (dtype === 'bool') return typeof value === 'boolean'
    if (dtype === 'i32') return typeof value === 'number' && Number.isInteger(value) && Math.abs(value + 0.5) < 2 ** 31
    return typeof value === 'number' || ['NaN', 'Infinity', '-Infinity', '-0'].includes(value as string)
  }
  const visit = (value: unknown, depth: number): boolean => {
    if (depth === dims.length) {
      if (!holds(value)) return false
      found.push(Number(value))
      return true
    }
    if (!Array.isArray(value)) return false
    const d = dims[depth] as number | string
    const size = typeof d === 'number' ? d : (known.get(d) ?? value.length)
    if (typeof d === 'string') known.set(d, size)
    return value.length === size && Array.from(value).every((child) => visit(child, depth + 1))
  }
  return visit(x, 0) && dims.every((d) => typeof d === 'number' || known.has(d)) ? found : null
}

const throwing = (target: object): object =>
  new Proxy(target, {
    get: () => {
      throw new Error('get')
    },
    getPrototypeOf: () => {
      throw new Error('getPrototypeOf')
    },
    ownKeys: () => {
      throw new Error('ownKeys')
    },
  })
const revoked = (): unknown => {
  const { proxy, revoke } = Proxy.revocable([], {})
  revoke()
  return proxy
}
const cyclic = (): unknown => {
  const x: unknown[] = []
  x.push(x, x)
  return x
}
const deep = (): unknown => Array.from({ length: 50_000 }).reduce<unknown>((inner) => [inner], 1)
const lying = (length: unknown): unknown =>
  new Proxy([1, 2], { get: (target, name) => (name === 'length' ? length : Reflect.get(target, name)) })
const strangers: readonly (() => unknown)[] = [
  () => null,
  () => undefined,
  () => 'x',
  () => '1',
  () => 1e300,
  () => 1.5,
  () => true,
  () => 10n,
  () => Symbol('s'),
  () => () => 1,
  () => ({ length: 2, 0: 1, 1: 2 }),
  () => ({ __proto__: [1, 2] }),
  () => Object.create(null),
  () => new Date(0),
  () => new Map([[0, 1]]),
  () => [],
  () => [[]],
  () => new Array(3),
  () => new Array(2 ** 32 - 1),
  () => [1, 2, 3, 4, 5, 6],
  () => new Float32Array(3),
  () => new DataView(new ArrayBuffer(4)),
  () => new BigInt64Array(2),
  () => throwing([]),
  () => throwing({}),
  () => throwing(new Float32Array(2)),
  () => new Proxy([1, 2], {}),
  () => lying(Number.NaN),
  () => lying(-1),
  () => lying(2 ** 40),
  () => lying('2'),
  () => Object.defineProperty([1, 2], 1, { get: () => { throw new Error('getter') } }), // biome-ignore format: one line says it
  () => revoked(),
  () => cyclic(),
  () => deep(),
  () => zeros([2]),
  () => Object.create(Object.getPrototypeOf(zeros([2]))),
  () => Object.freeze(Object.create(Object.getPrototypeOf(zeros([2])))),
  () => Object.defineProperty(new Float32Array(2), 'length', { value: 99 }),
]

interface Mutation {
  readonly place: number
  readonly kind: 'replace' | 'remove' | 'add' | 'hole' | 'wrap'
  readonly stranger: number
}
const mutations: fc.Arbitrary<readonly Mutation[]> = fc.array(
  fc.record({
    place: fc.nat(200),
    kind: fc.constantFrom('replace', 'remove', 'add', 'hole', 'wrap'),
    stranger: fc.nat(strangers.length - 1),
  }),
  { minLength: 1, maxLength: 3 },
)
/** All places in nested arrays that are ours, the whole first. */
const places = (x: unknown): readonly (readonly [holder: unknown[], index: number])[] => {
  const found: (readonly [unknown[], number])[] = [[[x], 0]]
  const queue = isOurs(x) ? [x] : []
  for (let level = queue.pop(); level !== undefined; level = queue.pop())
    for (let i = 0; i < level.length && found.length < 200; i++) {
      found.push([level, i])
      const child: unknown = level[i]
      if (isOurs(child)) queue.push(child)
    }
  return found
}
const strange = new WeakSet<object>()
const isOurs = (x: unknown): x is unknown[] => typeof x === 'object' && x !== null && !strange.has(x) && Array.isArray(x)
const mutate = (x: unknown, { place, kind, stranger }: Mutation): unknown => {
  const all = places(x)
  const [holder, index] = all[place % all.length] as readonly [unknown[], number]
  const made = strangers[stranger]?.()
  if (typeof made === 'object' && made !== null) strange.add(made)
  const isWhole = place % all.length === 0
  if (kind === 'replace') holder[index] = made
  else if (kind === 'remove') holder.splice(index, isWhole ? 0 : 1)
  else if (kind === 'add') holder.splice(index, 0, ...(isWhole ? [] : [made]))
  else if (kind === 'hole' && !isWhole) delete holder[index]
  else holder[index] = [holder[index]]
  return isWhole ? holder[0] : x
}
const asMutable = (x: unknown): unknown => (Array.isArray(x) ? x.map(asMutable) : x)

describe('hostile input', () => {
  it('mutated arrays never crash, and what is decoded is what a naive reader finds', { timeout: 60_000 }, () => {
    let accepted = 0
    fc.assert(
      fc.property(planned, mutations, ({ plan, values }, list) => {
        const codec = codecOf(plan)
        const given = list.reduce(mutate, asMutable(toArray(nodeOf(plan, values) as never)))
        const decoded = codec.decode(given)
        expectRightIsTrue(plan, decoded)
        const isPlain = !places(given).some(([holder, i]) => typeof holder[i] === 'object' && strange.has(holder[i] as object))
        if (!isPlain) return
        const found = naive(given, plan)
        const overflows = found?.some((v) => Number.isFinite(v) && !Number.isFinite(Math.fround(v))) ?? false
        expect(E.isRight(decoded)).toBe(found !== null && !overflows)
        if (E.isLeft(decoded) || found === null) return
        accepted++
        expect(toTypedArray(decoded.right as never).slice()).toEqual(arrays[plan.dtype].from(found))
      }),
      runs(3000),
    )
    expect(accepted).toBeGreaterThan(50)
  })
  it('strangers of every kind, at every place', () => {
    for (const [i, make] of strangers.entries())
      for (const shape of [[], ['n'], ['n', 'm'], [2, 2], ['n', 'n', 'n', 'n']])
        for (const place of [0, 1, 2]) {
          const inner = make()
          const given = place === 0 ? inner : place === 1 ? [inner, inner] : [[1, inner], inner]
          for (const dtype of ['f32', 'i32', 'bool'] as const) {
            const codec = untyped(shape, dtype)
            const decoded = codec.decode(given)
            expect(typeof codec.is(given), `stranger ${i}`).toBe('boolean')
            if (inner !== given || place > 0) expectRightIsTrue({ dims: shape, sizes: [], dtype, bound: false }, decoded)
          }
        }
  })
  it('arrays that repeat each other are measured before they are read', () => {
    const laughs = Array.from({ length: 9 }).reduce<unknown>((inner) => Array.from({ length: 1000 }, () => inner), 1)
    const decoded = untyped(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'], 'f32').decode(laughs)
    expect(E.isLeft(decoded) && decoded.left.map(({ message }) => message)).toEqual([
      'expected [a, b, c, d, e, f, g, h, i], got more than 268435456 elements',
    ])
  })
  it('parameters: anything at all', () => {
    const model = pipe(input([2]), dense(3, 'hidden'), relu, dense(1, 'out'))
    const codec = paramsOf(model)
    const good = codec.encode(model.init(key(0)))
    const names = fc.constantFrom('hidden', 'out', 'weight', 'bias', '__proto__', 'constructor', 'length', 'x')
    const parts: readonly unknown[] = [good.hidden, good.out, good.hidden.weight, good.hidden.bias, good.out.weight, good.out.bias]
    const makers = [...strangers, ...parts.map((part) => () => part)]
    const leaf = fc.oneof(
      fc.anything().map((value) => ({ value })),
      fc.nat(makers.length - 1).map((maker) => ({ maker })),
    )
    type Leaf = { readonly value: unknown } | { readonly maker: number }
    const made = (one: Leaf): unknown => ('maker' in one ? makers[one.maker]?.() : one.value)
    const record = (leaves: Readonly<Record<string, Leaf>>) =>
      Object.fromEntries(Object.entries(leaves).map(([name, one]) => [name, made(one)]))
    const [outer, inner] = [fc.dictionary(names, leaf), fc.dictionary(names, fc.dictionary(names, leaf))]
    fc.assert(
      fc.property(outer, inner, fc.boolean(), (some, more, over) => {
        const nested = Object.fromEntries(Object.entries(more).map(([name, leaves]) => [name, record(leaves)]))
        const decoded = codec.decode({ ...(over ? good : {}), ...record(some), ...nested })
        if (E.isLeft(decoded)) expect(decoded.left.every(({ message }) => typeof message === 'string')).toBe(true)
        else expect(codec.is(decoded.right)).toBe(true)
      }),
      runs(600),
    )
    expect(({} as Record<string, unknown>).hidden).toBe(undefined)
  })
})
