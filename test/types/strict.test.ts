/** Where `strict` is off null passes for text, and no rule holds: models and tensors say so where they begin. */
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const name = `${process.cwd()}/test/types/lax.ts`
const text = `import { dense, input, pipe, relu, zeros } from 'shapewright'
export const wrong = pipe(input([784]), dense(784, 256), dense(128, 10))
export const right = pipe(input([784]), relu)
export const made = relu(zeros([2, 3]))
`

/** The errors of the text, a line each, under the settings of this repository with `strict` as told. */
const errorsUnder = (strict: boolean): readonly string[] => {
  const { config } = ts.readConfigFile(`${process.cwd()}/tsconfig.json`, ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, process.cwd())
  const settings = { ...options, strict, exactOptionalPropertyTypes: false, noErrorTruncation: true, types: [] }
  const host = ts.createCompilerHost(settings)
  const { getSourceFile, fileExists } = host
  host.getSourceFile = (file, version, ...rest) =>
    file === name ? ts.createSourceFile(name, text, version) : getSourceFile.call(host, file, version, ...rest)
  host.fileExists = (file) => file === name || fileExists.call(host, file)
  const program = ts.createProgram([name], settings, host)
  const source = program.getSourceFile(name) as ts.SourceFile
  return program.getSemanticDiagnostics(source).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' / '))
}

describe('without strict', () => {
  it('every model and every tensor is refused, with the reason', () => {
    const errors = errorsUnder(false)
    const says = (op: string) =>
      errors.filter((error) => error.includes(`"${op}: shapes are checked in strict mode alone; set strict to true in tsconfig.json"`))
    expect([says('input').length, says('zeros').length]).toEqual([2, 1])
  })
  it('and with it only what is wrong', () => {
    expect(errorsUnder(true).map((error) => error.split(' / ').at(-1)?.trim())).toEqual([
      `Type 'Model<[784], [256], { dense1: DenseParams<784, 256>; }, "f32">' is not assignable to type '"dense: expected last dim 128, got 256"'.`,
    ])
  })
})
