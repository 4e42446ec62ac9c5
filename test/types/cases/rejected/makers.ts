// What makes a layer: its call was forgotten, or it was given a record where its number comes first.
import { attention, avgPool1d, avgPool2d, batchNorm, conv1d, conv2d, convTranspose1d, convTranspose2d, dense, depthwiseConv2d, dropout, embedding, gaussianNoise, groupNorm, gru, instanceNorm, layerNorm, learnedPositions, lstm, maxPool1d, maxPool2d, randomCrop, randomFlip, randomShift, rmsNorm, rnn, spatialDropout, transformerDecoderBlock, transformerEncoderBlock, upsample1d, upsample2d, input, pipe, relu, zeros } from 'shapewright'

declare const anything: unknown
declare const maybe: { readonly units: number } | undefined

// -- the call was forgotten
// layerNorm: call it, layerNorm() @ layerNorm
pipe(input([8]), layerNorm)
// rmsNorm: call it, rmsNorm() @ rmsNorm
pipe(input([8]), rmsNorm)
// batchNorm: call it, batchNorm() @ batchNorm
pipe(input([8]), batchNorm)
// instanceNorm: call it, instanceNorm() @ instanceNorm
pipe(input([8]), instanceNorm)
// groupNorm: call it, groupNorm(groups) @ groupNorm
pipe(input([8]), groupNorm)
// dense: call it, dense(n) @ dense
pipe(input([8]), dense)
// dropout: call it, dropout(rate) @ dropout
pipe(input([8]), dropout)
// spatialDropout: call it, spatialDropout(rate) @ spatialDropout
pipe(input([8]), spatialDropout)
// gaussianNoise: call it, gaussianNoise(deviation) @ gaussianNoise
pipe(input([8]), gaussianNoise)
// lstm: call it, lstm(n) @ lstm
pipe(input([8, 4]), lstm)
// gru: call it, gru(n) @ gru
pipe(input([8, 4]), gru)
// rnn: call it, rnn(n) @ rnn
pipe(input([8, 4]), rnn)
// embedding: call it, embedding(vocabulary, n) @ embedding
pipe(input([8, 4]), embedding)
// learnedPositions: call it, learnedPositions(n) @ learnedPositions
pipe(input([8, 4]), learnedPositions)
// attention: call it, attention(heads) @ attention
pipe(input([8, 4]), attention)
// transformerEncoderBlock: call it, transformerEncoderBlock(heads) @ transformerEncoderBlock
pipe(input([8, 4]), transformerEncoderBlock)
// transformerDecoderBlock: call it, transformerDecoderBlock(heads) @ transformerDecoderBlock
pipe(input([8, 4]), transformerDecoderBlock)
// maxPool1d: call it, maxPool1d(size) @ maxPool1d
pipe(input([8, 4]), maxPool1d)
// maxPool2d: call it, maxPool2d(size) @ maxPool2d
pipe(input([8, 8, 1]), maxPool2d)
// avgPool1d: call it, avgPool1d(size) @ avgPool1d
pipe(input([8, 4]), avgPool1d)
// avgPool2d: call it, avgPool2d(size) @ avgPool2d
pipe(input([8, 8, 1]), avgPool2d)
// upsample1d: call it, upsample1d(factor) @ upsample1d
pipe(input([8, 4]), upsample1d)
// upsample2d: call it, upsample2d(factor) @ upsample2d
pipe(input([8, 8, 1]), upsample2d)
// conv1d: call it, conv1d({ filters: 8, kernel: 3 }) @ conv1d
pipe(input([8, 4]), conv1d)
// conv2d: call it, conv2d({ filters: 8, kernel: 3 }) @ conv2d
pipe(input([8, 8, 1]), conv2d)
// convTranspose1d: call it, convTranspose1d({ filters: 8, kernel: 3 }) @ convTranspose1d
pipe(input([8, 4]), convTranspose1d)
// convTranspose2d: call it, convTranspose2d({ filters: 8, kernel: 3 }) @ convTranspose2d
pipe(input([8, 8, 1]), convTranspose2d)
// depthwiseConv2d: call it, depthwiseConv2d({ kernel: 3 }) @ depthwiseConv2d
pipe(input([8, 8, 1]), depthwiseConv2d)
// randomCrop: call it, randomCrop(size) @ randomCrop
pipe(input([8, 8, 1]), randomCrop)
// randomFlip: call it, randomFlip() @ randomFlip
pipe(input([8, 8, 1]), randomFlip)
// randomShift: call it, randomShift(pixels) @ randomShift
pipe(input([8, 8, 1]), randomShift)
// dense: call it, dense(n) @ dense
pipe(input([8]), relu, dense, relu)
// batchNorm: call it, batchNorm() @ batchNorm
pipe(input([8]), batchNorm, relu, dense(2))
// layerNorm: call it, layerNorm() @ input([8])
layerNorm(input([8]))
// dense: call it, dense(n) @ input([8])
dense(input([8]))
// dropout: call it, dropout(rate) @ zeros([8])
dropout(zeros([8]))
// conv2d: call it, conv2d({ filters: 8, kernel: 3 }) @ conv2d
pipe(zeros([1, 8, 8, 1]), conv2d)

// -- a record where the number comes first
// dense: expected dense(n), got a record @ dense({ units: 10 })
pipe(input([8]), dense({ units: 10 }))
// lstm: expected lstm(n), got a record @ lstm({ units: 10 })
pipe(input([8, 4]), lstm({ units: 10 }))
// gru: expected gru(n), got a record @ gru({ units: 10 })
pipe(input([8, 4]), gru({ units: 10 }))
// rnn: expected rnn(n), got a record @ rnn({ units: 10 })
pipe(input([8, 4]), rnn({ units: 10 }))
// embedding: expected embedding(vocabulary, n), got a record @ embedding({ vocabulary: 5, features: 3 })
pipe(input(['time'], 'i32'), embedding({ vocabulary: 5, features: 3 }))
// learnedPositions: expected learnedPositions(n), got a record @ learnedPositions({ units: 10 })
pipe(input([8, 4]), learnedPositions({ units: 10 }))
// attention: expected attention(heads), got a record @ attention({ heads: 2 })
pipe(input([8, 4]), attention({ heads: 2 }))
// transformerEncoderBlock: expected transformerEncoderBlock(heads), got a record @ transformerEncoderBlock({ heads: 2 })
pipe(input([8, 4]), transformerEncoderBlock({ heads: 2 }))
// transformerDecoderBlock: expected transformerDecoderBlock(heads), got a record @ transformerDecoderBlock({ heads: 2 })
pipe(input([8, 4]), transformerDecoderBlock({ heads: 2 }))
// groupNorm: expected groupNorm(groups), got a record @ groupNorm({ groups: 2 })
pipe(input([8]), groupNorm({ groups: 2 }))
// dropout: expected dropout(rate), got a record @ dropout({ rate: 0.1 })
pipe(input([8]), dropout({ rate: 0.1 }))
// spatialDropout: expected spatialDropout(rate), got a record @ spatialDropout({ rate: 0.1 })
pipe(input([8]), spatialDropout({ rate: 0.1 }))
// gaussianNoise: expected gaussianNoise(deviation), got a record @ gaussianNoise({ deviation: 1 })
pipe(input([8]), gaussianNoise({ deviation: 1 }))
// dense: expected dense(n), got a record @ dense({ units: 10 })
pipe(input([8]), relu, dense({ units: 10 }), relu)
// dense: expected dense(n), got a record @ dense(anything)
pipe(input([8]), dense(anything))
// ~ to parameter of type 'Units'. @ maybe
dense(maybe)
// ~ to parameter of type 'Units'. @ [10]
dense([10])
// ~ to parameter of type 'Units'. @ relu
dense(relu)
// ~ to parameter of type 'Units'. @ {}
dense({})
// ~ Type 'string' is not assignable to type 'number'. @ epsilon
layerNorm({ epsilon: 'off' })
