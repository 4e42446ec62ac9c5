/** Ways around the rules of layers and models that are closed: any, unions, widened types, look-alikes, methods, defaults. The comments are those of `layers.ts`. */
import {
  block,
  classes,
  compose,
  type Dataset,
  dense,
  dim,
  fit,
  full,
  gelu,
  input,
  key,
  type Layer,
  meanSquaredError,
  type Model,
  named,
  type NoParams,
  type Params,
  pipe,
  predict,
  relu,
  residual,
  type Spec,
  sequential,
  sgd,
  spec,
  type Tensor,
  tensor,
  type Typed,
  zeros,
} from 'shapewright'

declare const n: number
declare const labels: number[]
declare const untypedLayer: Layer<any>
declare const untyped: Model<any, any, any>
declare const points: Dataset<[3], [2]>
declare const x: Tensor<['batch', 3]>
const model = pipe(input([3]), dense(2))
const either = n > 3 ? dense(3) : dense(4)
const list = [dense(8), relu]
const rest = { data: points, loss: meanSquaredError, optimizer: sgd({ learningRate: 1 }), batchSize: 1, epochs: 1, key: key(0) }

// -- layers of an open type
// layer: its type is any or a union, so its shape is not known @ untypedLayer
pipe(input([3]), untypedLayer)
// layer: its type is any or a union, so its shape is not known @ untypedLayer
sequential(input([3]), relu, untypedLayer)
// layer: its type is any or a union, so its shape is not known @ untypedLayer
block(untypedLayer, dense(3))
// layer: its type is any or a union, so its shape is not known @ residual(untypedLayer)
pipe(input([3]), residual(untypedLayer))
// layer: its type is any or a union, so its shape is not known @ either
sequential(input([3]), either)
// layer: its type is any or a union, so its shape is not known @ either
block(relu, either)
// ~ dense: this layer extends a model @ input([3])
pipe(input([3]), either)

// -- lists whose length is not known
// sequential: the number of layers is not known @ ...list
sequential(input([8]), ...list)
// block: the number of layers is not known @ ...list
block(dense(8), ...list)
// block: the number of layers is not known @ ...list.slice(1)
pipe(input([8]), block(...list.slice(1)), dense(3))

// -- models of an open type
// dense: the shape that the model gives is not known @ dense(3)
pipe(untyped, dense(3))
// relu: the shape that the model gives is not known @ relu
pipe(untyped, relu)
// block: the shape that the model gives is not known @ block(relu)
pipe(untyped, block(relu))
const twoModels = n > 3 ? pipe(input([3]), dense(4)) : pipe(input([3]), dense(5))
// ~ Type '5' is not assignable to type '4'. @ dense(4)
pipe(twoModels, dense(4))

// -- what could not be made is refused wherever it is used
// input: a size is not a literal; write dim('name', n) @ relu
pipe(input([n]), relu)
// input: a size is not a literal; write dim('name', n) @ gelu
sequential(input([4, n]), gelu)
// input: a size is not a literal; write dim('name', n) @ block(relu)
pipe(input([n]), block(relu))
// input: a size is not a literal; write dim('name', n) @ rest
fit(input([n]), rest)
// input: a size is not a literal; write dim('name', n) @ inputs
predict(input([n]), { params: {}, inputs: x })
// input: a size is not a literal; write dim('name', n) @ model
compose(input([n]), model)

// -- a mistake inside is told once, where it is made
// dense: expected last dim 5, got 4 @ dense(5, 6)
pipe(input([3]), block(dense(3, 4), dense(5, 6)))
// dense: expected last dim 5, got 4 @ dense(5, 6)
pipe(input([3]), residual(block(dense(3, 4), dense(5, 6))), dense(99, 2), relu)
// dense: the name 'a' is already used @ dense(2, 'a')
sequential(input([3]), named('b')(block(dense(4, 'a'), dense(2, 'a'))), dense(99, 2))

// -- what looks like a model, or like a layer
// ~ Property '[MODEL]' is missing @ lookAlike
export const lookAlike: Model<[3], [3], NoParams> = { input: [3], output: [3], dtype: 'f32', init: () => ({}), apply: null as never, applyTraining: null as never }
// sequential: expected a model @ { input: [3], output: [3] }
sequential({ input: [3], output: [3] }, relu)
// block: expected a layer @ (m: typeof model) => m
block((m: typeof model) => m)
// block: expected a layer @ dense
block(dense)
// residual: expected a layer @ { kind: 'dense' }
residual({ kind: 'dense' })
interface Narrow {
  run(m: Model<[3], [2], Params<typeof model>>): void
}
// ~ is not assignable @ run
export const bivariant: Narrow = { run: (m: Model<[3], [4], Params<typeof model>>) => m }
// ~ is not assignable @ widened
export const widened: Model<[number], [2], Params<typeof model>> = model
// ~ is not assignable @ widenedLayer
export const widenedLayer: Layer<{ in: unknown; kind: string; out: [2]; params: null }> = dense(2)

// -- a default is not what a value is wanted for
// ~ Type '"f32"' is not assignable to type '"i32"'. @ wanted1
export const wanted1: Tensor<[2], 'i32'> = zeros([2])
// ~ Type '"f32"' is not assignable to type '"i32"'. @ wanted2
export const wanted2: Tensor<[2], 'i32'> = full([2], 0)
// ~ Type '"f32"' is not assignable to type '"i32"'. @ wanted3
export const wanted3: Tensor<[2], 'i32'> = tensor([1, 2])
// ~ Type '"f32"' is not assignable to type '"i32"'. @ wanted4
export const wanted4: Spec<[2], 'i32'> = spec([2])
// ~ is not assignable @ wanted5
export const wanted5: Model<[2], Typed<[2], 'i32'>, NoParams, 'i32'> = input([2])

// -- numbers of classes
// fit: the loss compares [2], the data set has [3] @ data
fit(model, { ...rest, data: points as never as Dataset<[3], [3]> })
// ~ classes: the number of classes is not a literal @ counted
export const counted: ReturnType<typeof classes<3>> = classes(labels, n)
// dense: expected last dim 4, got width @ dense(4, 2)
pipe(input([3]), dense(dim('width', n)), dense(4, 2))
