/** Programs with ONNX files and descriptions that every compiler accepts. */
import * as E from 'fp-ts/lib/Either.js'
import { type Dim, describe, dense, dim, embedding, input, key, type LayerDescription, lstm, type Model, type Params, pipe, relu } from 'shapewright'
import { exportOnnx, type OnnxError } from 'shapewright/onnx'

const classifier = pipe(input([784]), dense(dim('hidden', 256), 'hidden'), relu, dense(10, 'logits'))
export const file: E.Either<OnnxError, Uint8Array> = exportOnnx(classifier, classifier.init(key(0)))

const reader = pipe(input(['time'], 'i32'), embedding(1000, 16), lstm(32, { returns: 'last' }), dense(2))
export const named = exportOnnx(reader, reader.init(key(0)), { input: 'tokens', output: 'classes', probabilities: true })

/** A message for every way that there is no file. */
export const told = (error: OnnxError): string =>
  error.tag === 'NotInOnnx' ? error.layers.map(({ layer, kind }) => `${layer} ${kind}`).join() : error.message

/** Whatever the model is. */
export const anyModel = <I extends Dim, O extends Dim, P>(model: Model<[I], [O], P>, params: Params<Model<[I], [O], P>>) =>
  E.isRight(exportOnnx(model, params))

const { layers, sizes } = describe(classifier)
export const kinds: readonly string[] = layers.map(({ kind }: LayerDescription) => kind)
export const hidden: number | undefined = sizes.hidden
