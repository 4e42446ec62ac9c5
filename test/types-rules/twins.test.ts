/**
 * Law 3: type twin and value twin agree. The compiler infers the shape that the value function returns, and rejects
 * exactly what the other throws, with the same sentence.
 */
import * as shapewright from 'shapewright'
import { describe, expect, it } from 'vitest'
import { calls } from './calls.ts'
import { type Answer, ask } from './compiler.ts'

const names = [
  'add',
  'argmax',
  'broadcastTo',
  'cast',
  'concat',
  'equal',
  'expandDims',
  'flatten',
  'gelu',
  'less',
  'logSoftmax',
  'logSumExp',
]
  .concat([
    'matmul',
    'max',
    'maximum',
    'mean',
    'neg',
    'oneHot',
    'ones',
    'pad',
    'permute',
    'pipe',
    'pow',
    'reduce',
    'relu',
    'reshape',
    'slice',
  ])
  .concat(['softmax', 'squeeze', 'stopGradient', 'sub', 'sum', 'tensor', 'transpose', 'variance', 'where', 'zeros'])
  .filter((name) => name in shapewright)
const values = names.map((name) => (shapewright as Readonly<Record<string, unknown>>)[name])
const preamble = `import { ${names.join(', ')} } from 'shapewright'`

/** What JavaScript makes of a call: the type that its result should have, or the sentence. */
const run = (code: string): { readonly type: string } | { readonly sentence: string } => {
  try {
    const { shape, dtype } = new Function(...names, `return ${code}`)(...values) as { shape: readonly (number | string)[]; dtype: string }
    return { type: `Tensor<[${shape.map((dim) => JSON.stringify(dim)).join(', ')}], "${dtype}">` }
  } catch (error) {
    if (!(error instanceof shapewright.ShapeError)) throw error
    return { sentence: error.message }
  }
}
/** What the compiler should have said and did not, or null. */
const disagreement = (code: string, { type, errors }: Answer): string | null => {
  const ran = run(code)
  if ('type' in ran)
    return errors.length === 0 && type === ran.type ? null : `${code} is ${ran.type}; the compiler says ${errors[0] ?? type}`
  const refused = errors.length > 0 ? errors.some((error) => error.endsWith(`'"${ran.sentence}"'.`)) : type === `Refusal<"${ran.sentence}">`
  return refused ? null : `${code} throws '${ran.sentence}'; the compiler says ${errors[0] ?? type}`
}

describe('types and values agree', () => {
  const codes = calls(60)
  const answers = ask(preamble, codes)

  it('on what is accepted and what is refused, with the same sentence', () => {
    const disagreements = codes.map((code, i) => disagreement(code, answers[i] as Answer)).filter((each) => each !== null)
    expect(disagreements).toEqual([])
  })

  it('where a fair share of the calls is right, and a fair share wrong', () => {
    const right = answers.filter(({ type, errors }) => errors.length === 0 && type.startsWith('Tensor')).length
    expect(right / answers.length).toBeGreaterThan(0.35)
    expect(right / answers.length).toBeLessThan(0.75)
  })
})
