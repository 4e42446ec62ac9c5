/** Mistakes in rows of layers and in their options. The comments are those of `layers.ts`. */
import {addBranches,batchNorm,block,compose,concatBranches,cosineDecay,type Dataset,dense,dim,elu,fit,flatten,input,key,leakyRelu,logSoftmax,meanSquaredError,named,pipe,relu,reshape,residual,sequential,sgd,softmax,split,stepDecay,tanh,warmUp,zeros} from 'shapewright'

declare const n: number
declare const data: Dataset<[4], [2]>
declare const text: string
declare const maybe: { readonly name?: 'a' }
declare const dtype: 'f32' | 'i32'

const model = pipe(input([784]), dense(10))

// -- blocks
// dense: expected last dim 31, got 32 @ dense(31, 8)
block(block(dense(64, 32), relu), residual(dense(32)), dense(31, 8))
// dense: the name 'fc' is already used @ dense(8, 'fc')
block(flatten, dense(8, 'fc'), relu, dense(8, 'fc'))
// dense: the name 'fc' is already used @ dense(8, { name: 'fc' })
block(dense(3, 8, 'fc'), flatten, dense(8, { name: 'fc' }))
// block: the name 'stem' is already used @ named('stem')(block(relu))
pipe(input([8]), named('stem')(block(relu)), named('stem')(block(relu)))
// dense: the name 'dense1' is already used @ dense(3, 'dense1')
pipe(input([8]), dense(4), dense(3, 'dense1'))
// residual: the block maps [4, hidden] to [4, 3] @ residual(block(relu, dense(3)))
sequential(input([4, 4]), dense(dim('hidden', n)), residual(block(relu, dense(3))))
// dense: needs rank >= 1, got [] @ dense(3)
pipe(input([]), dense(3))

// -- options
// dense: the name is not a literal @ dense(10, { name: text })
pipe(input([8]), dense(10, { name: text }))
// dense: the name is not a literal @ dense(10, maybe)
pipe(input([8]), dense(10, maybe))
// dense: the name is not a literal @ named(text)(dense(3))
pipe(input([8]), named(text)(dense(3)))
// dense: a name must not be empty, a number, or have a dot, got 'a.b' @ dense(10, 'a.b')
pipe(input([8]), dense(10, 'a.b'))
// dense: a name must not be empty, a number, or have a dot, got '7' @ named('7')(dense(10))
sequential(input([8]), named('7')(dense(10)))
// dense: there is no option 'units' @ dense(8, 10, { units: 3 })
pipe(input([8]), dense(8, 10, { units: 3 }))
// dense: there is no option 'wieght' @ dense(10, { name: 'a', wieght: 3 })
pipe(input([8]), dense(10, { name: 'a', wieght: 3 }))

// -- dtypes
// dense: expected f32, got i32 @ dense(3)
pipe(input(['time'], 'i32'), dense(3))
// relu: expected f32, got i32 @ relu
pipe(input(['time'], 'i32'), relu)
// dense: expected f32, got i32 @ block(dense(3))
pipe(input(['time'], 'i32'), block(dense(3)))
// input: the dtype is not a literal @ dense(3)
pipe(input([3], dtype), dense(3))
// input: a size must be a whole number, got -3 @ dense(3)
pipe(input([4, -3]), dense(3))

// -- two models
// compose: the first model gives [10], the second takes [12] @ compose(pipe(input([12]), dense(2)))
pipe(model, compose(pipe(input([12]), dense(2))))
// compose: the first model gives [10], the second takes i32 [10] @ input([10], 'i32')
compose(model, input([10], 'i32'))

// -- one of several
const act = n > 1 ? relu : tanh
// activation: its type is a union; write activation('act', (x) => flag ? relu(x) : tanh(x)) @ input([8])
pipe(input([8]), act, dense(2))
// activation: its type is a union; write activation('act', (x) => flag ? relu(x) : tanh(x)) @ zeros([8])
pipe(zeros([8]), act)
// activation: its type is a union; write activation('act', (x) => flag ? relu(x) : tanh(x)) @ act
sequential(input([8]), dense(4), act)
// activation: its type is a union; write activation('act', (x) => flag ? relu(x) : tanh(x)) @ act
pipe(input([8]), block(dense(4), act))
// activation: its type is a union; write activation('act', (x) => flag ? relu(x) : tanh(x)) @ act
pipe(input([8]), residual(act))
const turn = n > 1 ? flatten : softmax(-1)
// layer: its type is any or a union, so its shape is not known @ input([8])
pipe(input([8]), turn)
// layer: its type is any or a union, so its shape is not known @ turn
sequential(input([8]), turn)

// -- another shape of each sample
// reshape: [16] has 16 elements, [4, 5] has 20 @ reshape([4, 5])
pipe(input([10]), dense(16), reshape([4, 5]))
// reshape: [16] has 16 elements, which [-1, 5] does not divide @ reshape([-1, 5])
sequential(input([10]), dense(16), reshape([-1, 5]))
// reshape: [16] has 16 elements, [4, 5] has 20 @ block(dense(16), reshape([4, 5]))
pipe(input([3]), block(dense(16), reshape([4, 5])))
// reshape: expected f32, got i32 @ reshape([2, 2])
pipe(input([4], 'i32'), reshape([2, 2]))
// reshape: at most one -1 in [-1, -1] @ block(reshape([-1, -1]))
pipe(input([4]), block(reshape([-1, -1])))

// -- lists where layers stand one by one
// sequential: expected a model @ [input([4]), dense(2)]
sequential([input([4]), dense(2)])
// residual: expected a layer @ [dense(4), relu]
residual([dense(4), relu])
// block: expected a layer @ [dense(4), relu]
pipe(input([4]), block([dense(4), relu]))
// concatBranches: expected a layer @ [dense(4), relu]
pipe(input([4]), concatBranches([dense(4), relu]))
// addBranches: expected a layer @ [dense(4), relu]
pipe(input([4]), addBranches([dense(4), relu]))
// compose: expected a model @ [model, model]
compose([model, model])
// fit: expected a model @ [model]
fit([model], { data, loss: meanSquaredError, optimizer: sgd({ learningRate: 1 }), batchSize: 1, epochs: 1, key: key(0) })

// -- what makes a layer, where the layer should stand
// elu: call it, elu() @ elu
pipe(input([4]), dense(4), elu, dense(2))
// leakyRelu: call it, leakyRelu() @ leakyRelu
pipe(input([4]), dense(4), leakyRelu)
// ~ Argument of type 'string' is not assignable to parameter of type 'number'. @ 'steep'
pipe(input([4]), dense(4), leakyRelu('steep'))
// softmax: call it, softmax(-1) @ softmax
pipe(input([4]), dense(4), softmax)
// logSoftmax: call it, logSoftmax(-1) @ zeros([3])
logSoftmax(zeros([3]))
// residual: expected a layer @ batchNorm
residual(batchNorm)

// -- options of a record that was declared before
const cosine = { initial: 1, steps: 10, floor: 0.5 }
const warm = { steps: 3, rate: 0.1, from: 5 }
const steps = { initial: 1, factor: 0.5, every: 2, start: 3 }
// cosineDecay: there is no option 'floor' @ cosine
cosineDecay(cosine)
// warmUp: there is no option 'from' @ warm
warmUp(warm)
// stepDecay: there is no option 'start' @ steps
stepDecay(steps)

// -- a key is split in two
// split: a key gives two keys; for more write foldIn(key, i) @ 3
split(key(0), 3)
