/** Another shape of each sample, in models. */
import {
  compose,
  conv2d,
  dense,
  dim,
  type Grads,
  grad,
  input,
  key,
  type Model,
  mul,
  pipe,
  relu,
  reshape,
  sum,
  tensor,
  toArray,
  zeros,
} from 'shapewright'
import { describe, expect, it } from 'vitest'

const rows = tensor([
  [1, 2, 3, 4, 5, 6],
  [7, 8, 9, 10, 11, 12],
])

describe('reshape in a model', () => {
  it('reshapes each sample, and keeps the batch', () => {
    const model = pipe(input([6]), reshape([3, -1]))
    expect(model.output).toEqual([3, 2])
    expect(toArray(model.apply(model.init(key(0)), rows))).toEqual([
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      [
        [7, 8],
        [9, 10],
        [11, 12],
      ],
    ])
  })

  it('keeps names, and binds sizes', () => {
    expect(pipe(input(['time', 6]), reshape([-1, 2, 3])).output).toEqual(['time', 2, 3])
    const model = pipe(input([dim('width', 6)]), reshape([dim('width', 6), 1]))
    expect(model.apply(model.init(key(0)), zeros([2, dim('width', 6)])).shape).toEqual([2, 'width', 1])
    expect(() => pipe(input([dim('width', 6)]), reshape([dim('width', 5), 1]))).toThrow('width')
  })

  it('stands between layers with weights, and has a gradient', () => {
    const model = pipe(input([6]), dense(16), reshape([4, 4, 1]), conv2d({ filters: 2, kernel: 3 }), relu)
    const params = model.init(key(0))
    expect(model.apply(params, rows).shape).toEqual([2, 2, 2, 2])
    const gradient: Grads<typeof model> = grad((p: typeof params) => sum()(mul(model.apply(p, rows), 2)))(params)
    expect(gradient.dense1.weight.shape).toEqual([6, 16])
  })

  it('says what does not fit', () => {
    expect(() => pipe(input([6]), reshape([4, -1]) as never)).toThrow('reshape: [6] has 6 elements, which [4, -1] does not divide')
    expect(() => pipe(input([6], 'i32'), reshape([2, 3]) as never)).toThrow('reshape: expected f32, got i32')
  })
})

describe('a function of any model', () => {
  const headed = <I, P>(model: Model<I, [16], P>) => pipe(model, relu, dense(10, 'head'))

  it('puts a layer with a name on it', () => {
    expect(Object.keys(headed(pipe(input([4]), dense(16))).init(key(0)))).toEqual(['dense1', 'head'])
    expect(compose(headed(input([16])), pipe(input([10]), dense(2))).output).toEqual([2])
  })

  it('says when the model has the name, which only a run knows', () => {
    expect(() => headed(pipe(input([4]), dense(16, 'head')))).toThrow("dense: the name 'head' is already used")
  })
})
