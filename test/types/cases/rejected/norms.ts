/** Normalisations that do not fit. The comments are those of `layers.ts`. */
import {
  batchNorm,
  type BatchNormParams,
  block,
  gaussianNoise,
  groupNorm,
  initializers,
  input,
  instanceNorm,
  key,
  layerNorm,
  type NormParams,
  ones,
  pipe,
  residual,
  rmsNorm,
  sequential,
  spatialDropout,
  statistic,
  type Tensor,
  zeros,
} from 'shapewright'
import * as ops from 'shapewright/ops'

declare const n: number
declare const flag: boolean
declare const either: 2 | 4
declare const anything: any
declare const eight: NormParams<8>
declare const running: BatchNormParams<8>
declare const image: Tensor<[2, 5, 5, 8]>

// -- layers: rank, groups
// layerNorm: needs rank >= 1, got [] @ layerNorm()
pipe(input([]), layerNorm())
// rmsNorm: needs rank >= 1, got [] @ rmsNorm()
pipe(input([]), rmsNorm())
// batchNorm: needs rank >= 1, got [] @ batchNorm()
pipe(input([]), batchNorm())
// instanceNorm: needs rank >= 2, got [8] @ instanceNorm()
pipe(input([8]), instanceNorm())
// groupNorm: needs rank >= 1, got [] @ groupNorm(1)
pipe(input([]), groupNorm(1))
// groupNorm: 3 groups do not divide the channels of [28, 28, 8] @ groupNorm(3)
pipe(input([28, 28, 8]), groupNorm(3))
// groupNorm: 2 groups do not divide the channels of [2, 3, 4, 7] @ residual(groupNorm(2))
sequential(input([2, 3, 4, 7]), residual(groupNorm(2)))
// groupNorm: groups must be a whole number, at least 1, got 0 @ groupNorm(0)
pipe(input([8]), groupNorm(0))
// groupNorm: groups is not a literal @ groupNorm(n)
pipe(input([8]), groupNorm(n))
// groupNorm: groups is not a literal @ groupNorm(either)
pipe(input([8]), groupNorm(either))
// groupNorm: groups is not a literal @ groupNorm(anything)
pipe(input([8]), groupNorm(anything))
// layerNorm: expected f32, got i32 @ layerNorm()
pipe(input([8], 'i32'), layerNorm())

// -- layers: names and options
// layerNorm: the name 'norm' is already used @ layerNorm('norm')
pipe(input([8]), layerNorm('norm'), layerNorm('norm'))
// batchNorm: a name must not be empty, a number, or have a dot, got 'a.b' @ batchNorm('a.b')
pipe(input([8]), batchNorm('a.b'))
// layerNorm: there is no option 'eps' @ layerNorm({ eps: 1e-6 })
pipe(input([8]), layerNorm({ eps: 1e-6 }))
// layerNorm: there is no option 'momentum' @ layerNorm({ momentum: 0.9 })
pipe(input([8]), layerNorm({ momentum: 0.9 }))
// rmsNorm: there is no option 'shift' @ rmsNorm({ shift: initializers.zeros })
pipe(input([8]), rmsNorm({ shift: initializers.zeros }))
// groupNorm: there is no option 'groups' @ groupNorm(2, { groups: 2 })
pipe(input([8]), groupNorm(2, { groups: 2 }))
// layerNorm: the name is not a literal @ layerNorm(flag ? 'norm' : undefined)
pipe(input([8]), layerNorm(flag ? 'norm' : undefined))
// groupNorm: the name is not a literal @ groupNorm(2, flag ? 'norm' : undefined)
pipe(input([8]), groupNorm(2, flag ? 'norm' : undefined))
// batchNorm: the name is not a literal @ batchNorm({ name: flag ? 'a' : 'b' })
pipe(input([8]), batchNorm({ name: flag ? 'a' : 'b' }))
// layerNorm: this layer extends a model @ layerNorm()
pipe(image, layerNorm())
// residual: expected a layer @ layerNorm
residual(layerNorm)
// batchNorm: the name 'a' is already used @ batchNorm('a')
block(batchNorm('a'), batchNorm('a'))

// -- tensors: what they are given
// layerNorm: expected last dim 8, got 7 @ ops.layerNorm(eight)
pipe(zeros([2, 7]), ops.layerNorm(eight))
// layerNorm: expected last dim 8, got 7 @ zeros([7])
ops.layerNorm(eight)(zeros([7]))
// layerNorm: expected f32, got i32 @ zeros([2, 8], 'i32')
ops.layerNorm(eight)(zeros([2, 8], 'i32'))
// layerNorm: needs rank >= 1, got [] @ zeros([])
ops.layerNorm(eight)(zeros([]))
// rmsNorm: needs rank >= 1, got [] @ zeros([])
ops.rmsNorm(eight)(zeros([]))
// batchNorm: needs rank >= 2, got [8] @ zeros([8])
ops.batchNorm(running)(zeros([8]))
// batchNormTraining: needs rank >= 2, got [8] @ zeros([8])
ops.batchNormTraining(running)(zeros([8]))
// batchNormTraining: expected last dim 8, got 5 @ ops.batchNormTraining(running)
pipe(zeros([2, 5, 5, 5]), ops.batchNormTraining(running))
// groupNorm: needs rank >= 2, got [8] @ zeros([8])
ops.groupNorm(2, eight)(zeros([8]))
// groupNorm: 3 groups do not divide the channels of [2, 5, 5, 8] @ ops.groupNorm(3, eight)
pipe(image, ops.groupNorm(3, eight))
// groupNorm: groups is not a literal @ image
ops.groupNorm(n, eight)(image)
// groupNorm: groups must be a whole number, at least 1, got 0 @ image
ops.groupNorm(0, eight)(image)
// groupNorm: groups is not a literal @ image
ops.groupNorm(anything, eight)(image)
// instanceNorm: needs rank >= 3, got [2, 8] @ zeros([2, 8])
ops.instanceNorm(eight)(zeros([2, 8]))

// -- tensors: their parameters
// layerNorm: params.shift is missing @ { scale: ones([8]) }
ops.layerNorm({ scale: ones([8]) })
// layerNorm: params.shift is [7], the layer has [8] @ shift
ops.layerNorm({ scale: ones([8]), shift: zeros([7]) })
// rmsNorm: params.scale is [2, 8], the layer has [8] @ scale
ops.rmsNorm({ scale: ones([2, 8]) })
// rmsNorm: params.scale is [], the layer has [1] @ scale
ops.rmsNorm({ scale: ones([]) })
// rmsNorm: params.scale is i32 [8], the layer has [8] @ scale
ops.rmsNorm({ scale: ones([8], 'i32') })
// rmsNorm: params.scale is no tensor, the layer has [1] @ scale
ops.rmsNorm({ scale: 3 })
// instanceNorm: several parts of params are missing @ {}
ops.instanceNorm({})
// groupNorm: params is a tensor, the layer has several there @ ones([8])
ops.groupNorm(2, ones([8]))
// batchNorm: params.mean is no statistic; write statistic(x) @ mean
ops.batchNorm({ ...eight, mean: zeros([8]), variance: statistic(ones([8])) })
// batchNormTraining: params.variance is missing @ { ...eight, mean: statistic(zeros([8])) }
ops.batchNormTraining({ ...eight, mean: statistic(zeros([8])) })
// ~ 'eps' does not exist @ eps
ops.layerNorm(eight, { eps: 1 })
// ~ 'momentum' does not exist @ momentum
ops.batchNorm(running, { momentum: 0.5 })

// -- noise while training
// spatialDropout: needs rank >= 2, got [8] @ spatialDropout(0.5)
pipe(input([8]), spatialDropout(0.5))
// spatialDropout: needs rank >= 3, got [2, 8] @ zeros([2, 8])
spatialDropout(0.5, key(0))(zeros([2, 8]))
// spatialDropout: on a tensor it needs a key; write spatialDropout(rate, key) @ spatialDropout(0.5)
pipe(image, spatialDropout(0.5))
// spatialDropout: expected f32, got i32 @ spatialDropout(0.5)
pipe(input([5, 8], 'i32'), spatialDropout(0.5))
// gaussianNoise: on a tensor it needs a key; write gaussianNoise(deviation, key) @ gaussianNoise(0.1)
pipe(image, gaussianNoise(0.1))
// gaussianNoise: expected f32, got i32 @ gaussianNoise(0.1)
pipe(input([4], 'i32'), gaussianNoise(0.1))
// gaussianNoise: expected f32, got i32 @ zeros([8], 'i32')
gaussianNoise(0.1, key(0))(zeros([8], 'i32'))
// spatialDropout: expected f32, got bool @ ones([2, 3, 8], 'bool')
spatialDropout(0.1, key(0))(ones([2, 3, 8], 'bool'))
