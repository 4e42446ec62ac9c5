import { describe, expect, it } from 'vitest'
import { blockOf, readErrorExamples, withBlock } from '../../scripts/error-examples.ts'

const examples = readErrorExamples()

describe('examples/errors', () => {
  it.each(examples)('$path has one mistake, and begins with what the compiler says of it', ({ text, errors }) => {
    expect(errors).toHaveLength(1)
    expect(blockOf(text)).toBe(errors[0])
  })
  it('are files with a block', () => {
    expect(examples.length).toBeGreaterThan(10)
    expect(withBlock('const a = 1\n', 'one\n  two')).toBe('/*\none\n  two\n*/\nconst a = 1\n')
    expect(withBlock(withBlock('const a = 1\n', 'one'), 'two')).toBe(withBlock('const a = 1\n', 'two'))
    expect(blockOf(withBlock('const a = 1\n', 'one\n  two'))).toBe('one\n  two')
    expect(blockOf('const a = 1\n')).toBe('')
  })
})
