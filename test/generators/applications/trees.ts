/** What takes trees of tensors: gradients, optimizers, and what is trained in a tree. */
import fc from 'fast-check'
import { type Application, type Applications, list, made, type Sizes, shapeOf, size, typeOf, weighted } from './words.ts'

/** A leaf: trained, a statistic, or integers. */
interface Leaf {
  readonly kind: 'trained' | 'statistic' | 'count'
  readonly dims: Sizes
}
/** null is what stands in a tuple where nothing is trained. */
type Tree = Leaf | null | { readonly [name: string]: Tree } | readonly Tree[]
const isLeaf = (tree: Tree): tree is Leaf => tree !== null && 'kind' in tree

const leaf = (dims: fc.Arbitrary<Sizes>): fc.Arbitrary<Leaf> =>
  fc.record({ kind: fc.constantFrom<Leaf['kind']>('trained', 'trained', 'trained', 'statistic', 'count'), dims })
const { tree } = fc.letrec<{ tree: Tree; leaf: Tree }>((tie) => ({
  leaf: leaf(shapeOf(size)),
  tree: fc.oneof(
    { maxDepth: 2 },
    { weight: 3, arbitrary: tie('leaf') },
    {
      weight: 3,
      arbitrary: fc.dictionary(fc.constantFrom('weight', 'bias', 'mean', 'scale'), tie('tree'), {
        minKeys: 1,
        maxKeys: 3,
        noNullPrototype: true,
      }),
    },
    { weight: 1, arbitrary: fc.array(tie('tree'), { minLength: 1, maxLength: 2 }) },
  ),
}))
const trainedTree = tree.map((each): Tree => (isLeaf(each) ? { ...each, kind: 'trained' } : each))

const leafCode = ({ kind, dims }: Leaf): string =>
  kind === 'statistic' ? `statistic(${made(dims)})` : made(dims, kind === 'count' ? 'i32' : 'f32')
const leafType = ({ kind, dims }: Leaf): string =>
  kind === 'statistic' ? typeOf(dims).replace('Tensor', 'Statistic') : typeOf(dims, kind === 'count' ? 'i32' : 'f32')
const written = (tree: Tree, leafText: (leaf: Leaf) => string, isType: boolean): string => {
  if (tree === null) return 'null'
  if (isLeaf(tree)) return leafText(tree)
  if (Array.isArray(tree)) {
    const items = tree.map((each: Tree) => written(each, leafText, isType)).join(', ')
    return isType ? `readonly [${items}]` : `[${items}] as const`
  }
  return `{ ${Object.entries(tree)
    .map(([name, each]) => `${name}: ${written(each, leafText, isType)}`)
    .join(isType ? '; ' : ', ')} }`
}
const code = (each: Tree): string => written(each, leafCode, false)
const type = (each: Tree): string => written(each, leafType, true)
/** Without what is not trained: records lose it, tuples have null there. */
const trained = (each: Tree): Tree => {
  if (each === null) return null
  if (isLeaf(each)) return each.kind === 'trained' ? each : null
  if (Array.isArray(each)) return each.map(trained)
  return Object.fromEntries(
    Object.entries(each).flatMap(([name, inner]) => (isLeaf(inner) && trained(inner) === null ? [] : [[name, trained(inner)]])),
  )
}
const trainedCode = (each: Tree): string => code(trained(each))
const firstLeaf = (each: Tree): Leaf | null => {
  if (each === null) return null
  if (isLeaf(each)) return each.kind === 'trained' ? each : null
  for (const inner of Object.values(each)) {
    const found = firstLeaf(inner)
    if (found !== null) return found
  }
  return null
}

/** A function that may be differentiated, or not: what it makes of its parameter. */
const gradient = (op: string): Applications =>
  fc
    .tuple(
      shapeOf(size),
      fc.constantFrom('sum()', 'mean()', 'max()', 'sum()', 'sum(0)', 'sum(-1, { keepDims: true })', 'relu', 'argmax(0)', 'variance()'),
      fc.nat({ max: 7 }),
    )
    .map(([a, end, form]) => {
      const body = `pipe(mul(x, x), ${a.length === 0 && /0|-1/.test(end) ? 'sum()' : end})`
      const [given, parameter] = [made(a), typeOf(a)]
      if (form === 0) return `${op}((x: ${parameter}) => [${body}, x] as const)(${given})`
      if (form === 1) return `${op}((x: ${parameter}) => [x, ${body}] as const)(${given})`
      if (form === 2) return `${op}((x: ${parameter}) => pipe(greater(x, 0), cast('i32'), sum()))(${given})`
      if (form === 3) return `${op}((x: ${parameter}) => ({ value: ${body} }))(${given})`
      return `${op}((x: ${parameter}) => ${body})(${given})`
    })
const gradientOfTree = (op: string): Applications =>
  trainedTree.map((each) => {
    const reached = firstLeaf(each)
    const value = reached === null ? 'zeros([])' : `pipe(${made(reached.dims)}, sum())`
    return `${op}((p: ${type(each)}) => ${value})(${code(each)})`
  })

const makers: Readonly<Record<string, string>> = {
  adagrad: 'adagrad({ learningRate: 0.1 })',
  adam: 'adam({ learningRate: 0.1 })',
  accumulate: 'accumulate(3)(adam({ learningRate: 0.1 }))',
  adamw: 'adamw({ learningRate: cosineDecay({ initial: 0.1, steps: 9 }) })',
  addDecayedWeights: 'addDecayedWeights(0.1)',
  chain: 'chain(clipByGlobalNorm(1), adam({ learningRate: 0.1 }))',
  clipByGlobalNorm: 'clipByGlobalNorm(1)',
  clipByValue: 'clipByValue(1)',
  momentum: 'momentum({ learningRate: 0.1, momentum: 0.9 })',
  nesterov: 'nesterov({ learningRate: 0.1, momentum: 0.9 })',
  rmsprop: 'rmsprop({ learningRate: 0.1 })',
  sgd: 'sgd({ learningRate: 0.1 })',
}
/** The same tree but for its first trained leaf, which has other dims or lies a floor deeper. */
const spoiled = (each: Tree, dims: Sizes, deeper: boolean): Tree => {
  if (each === null || isLeaf(each)) return each === null ? null : deeper ? { inner: each } : { ...each, dims }
  const [name, inner] = Object.entries(each).find(([, inner]) => firstLeaf(inner) !== null) ?? []
  if (name === undefined || inner === undefined) return each
  const other = spoiled(inner, dims, deeper)
  return Array.isArray(each) ? each.map((item: Tree, i) => (`${i}` === name ? other : item)) : { ...each, [name]: other }
}
/** Parameters of which something is trained, and gradients or states that fit another tree. */
const params = tree.filter((each) => firstLeaf(each) !== null)
const spoilt = fc.tuple(params, shapeOf(size), fc.boolean()).map(([each, dims, deeper]) => ({ each, other: spoiled(each, dims, deeper) }))
const optimizer = (make: string): Applications =>
  fc.tuple(spoilt, fc.nat({ max: 3 })).map(([{ each, other }, form]): Application => {
    const [p, right] = [code(each), trainedCode(each)]
    if (form === 0) return `${make}.init(${p})`
    if (form === 1) return `${make}.update(${right}, ${make}.init(${p}), ${p})`
    if (form === 2) return `${make}.update(${right}, ${make}.init(${code(other)}), ${p})`
    return `${make}.update(${trainedCode(other)}, ${make}.init(${p}), ${p})`
  })
const applyUpdates: Applications = fc
  .tuple(spoilt, fc.boolean())
  .map(
    ([{ each, other }, right]): Application =>
      right ? `applyUpdates(${code(each)}, ${trainedCode(each)})` : `applyUpdates(${code(each)}, ${trainedCode(other)})`,
  )

/** Small, since they are computed. */
const held = shapeOf(fc.constantFrom(0, 1, 2, 3, 'h3'), 0, 4)

export const trees: Readonly<Record<string, Applications>> = {
  ...Object.fromEntries(Object.entries(makers).map(([op, make]) => [op, optimizer(make)])),
  applyUpdates,
  compute: weighted(
    [2, held.map((a) => `compute(${made(a)})`)],
    [
      1,
      fc.tuple(held, held).map(([a, b]) => `compute({ a: ${made(a)}, b: [statistic(${made(b)}), full(${list(a)}, 1, 'i32')] as const })`),
    ],
  ),
  grad: weighted([3, gradient('grad')], [1, gradientOfTree('grad')]),
  trainable: tree.map((each) => `trainable(${code(each)})`),
  valueAndGrad: weighted([3, gradient('valueAndGrad')], [1, gradientOfTree('valueAndGrad')]),
}
