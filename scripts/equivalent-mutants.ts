/** Mutants that no case can kill, each with the reason why nobody can tell them from the rule: reviewed by hand. */
import type { Equivalent } from './mutate.ts'

const shortcut = 'a shortcut: the long way gives the same number'
const ends = 'what stands behind the digit is no digit, so the number ends there all the same'
const quoted = 'the argument is itself a refusal whose type has the sentence, so the error ends in it either way'
const values = 'a type of the values at run time; no type function reads it'
const lax = 'told where `strict` is off, which the cases never are: test/types/strict.test.ts has it'
const variance = 'the annotation `in out` says the same: the phantom is for what only looks alike'
const rank = 'only the rank of that shape is asked for'
const word = "a padding is 'same', a number, or none, and any other word is none"
const unread = 'what a refused call gives is read by nobody'
const told = 'what is wrong with the name was told before: the first word of its sentences is read there'
const untaken = 'asked only while overloads are tried, of one that is not taken'
const readable = 'the overload of plain dims is for readable hovers: the one below it takes the same and gives the same'

export const equivalentMutants: readonly Equivalent[] = [
  { rule: 'src/data/dataset.ts SampleOf', change: 'never holds: A extends Refusal<infer E>', reason: quoted },
  { rule: 'src/data/samples.ts ClassesRule', change: 'word: N -> 0', reason: 'there N is 0' },
  { rule: 'types/repeat.ts RepeatMessage', change: 'word: N -> 0', reason: 'there N is 0' },
  { rule: 'src/data/records/fields.ts CountRule', change: 'word: N -> 0', reason: 'there N is 0' },
  { rule: 'types/top-k.ts CountFault', change: 'word: K -> 0', reason: 'there K is 0' },
  { rule: 'types/window.ts Left', change: "literal: 'nothing' -> 'nothing?'", reason: 'any word but the others stands for nothing' },
  { rule: 'src/model/sequential.ts Extended', change: 'never holds: O extends string', reason: unread },
  { rule: 'src/tensor/binary.ts WithNumber', change: 'never holds: BesideNumber<Op, D>', reason: unread },
  { rule: 'src/tensor/convolution.ts RefusedConvolution', change: 'never holds: [X] extends [never]', reason: untaken },
  { rule: 'src/model/bidirectional.ts Made', change: "literal: 'bidirectional' -> 'bidirectional?'", reason: told },
  { rule: 'src/tensor/recurrent.ts RefusedRecurrence', change: 'never holds: [X] extends [never]', reason: untaken },
  { rule: 'src/tensor/create.ts TensorFunction', change: 'never holds: [V] extends [never]', reason: untaken },
  { rule: 'src/tensor/create.ts TensorFunction', change: 'element: [...S] -> []', reason: readable },
  {
    rule: 'src/tensor/size.ts RefusedOperation',
    change: 'always holds: X extends unknown',
    reason: 'it always holds: the condition is there so that the message waits for X',
  },
  { rule: 'src/tensor/depthwise.ts ConvolveDepthwiseFunction', change: "literal: 'valid' -> 'valid?'", reason: word },
  { rule: 'src/tensor/transposed.ts ConvolveTransposed2dFunction', change: "literal: 'valid' -> 'valid?'", reason: word },
  { rule: 'src/tensor/transposed.ts ConvolveTransposed1dFunction', change: "literal: 'valid' -> 'valid?'", reason: word },
  { rule: 'src/tensor/pool.ts Pool1dFunction', change: "literal: 'valid' -> 'valid?'", reason: word },
  { rule: 'src/tensor/pool.ts Pool2dFunction', change: "literal: 'valid' -> 'valid?'", reason: word },
  {
    rule: 'types/arithmetic.ts AddLittle',
    change: "never holds: B extends '' ?",
    reason: 'a shortcut: one more round over 0 and 0 with the carry gives the 1',
  },
  {
    rule: 'types/arithmetic.ts AddLittle',
    change: "literal: '' -> '?'",
    reason: 'a shortcut: one more round over 0 and 0 with the carry gives the 1',
  },
  { rule: 'types/arithmetic.ts AddLittle', change: "literal: '0' -> '0?'", reason: ends },
  { rule: 'types/arithmetic.ts SubLittle', change: "literal: '0' -> '0?'", reason: ends },
  {
    rule: 'types/arithmetic.ts TimesDigit',
    change: "never holds: Carry extends '0' ? Done",
    reason: 'a zero in front, which `Trim` takes away in `Mul`',
  },
  { rule: 'types/arithmetic.ts TimesDigit', change: "literal: '0' -> '0?'", reason: 'a zero in front, which `Trim` takes away in `Mul`' },
  { rule: 'types/arithmetic.ts Read', change: 'never holds: IsShort<S> extends true', reason: 'a shortcut: short numbers are below 2^53' },
  { rule: 'types/arithmetic.ts IsShort', change: 'never holds: ', reason: 'a shortcut: what is long is looked at digit by digit' },
  { rule: 'types/arithmetic.ts IsShort', change: 'always holds: ', reason: 'a shortcut: what is long is looked at digit by digit' },
  { rule: 'types/arithmetic.ts Divide', change: '', reason: 'a shortcut: long division gives the same' },
  { rule: 'types/arithmetic.ts Add', change: 'never holds: A extends 0 ? B', reason: shortcut },
  { rule: 'types/arithmetic.ts Add', change: 'never holds: B extends 0 ? A', reason: shortcut },
  {
    rule: 'types/arithmetic.ts Increment',
    change: 'never holds: ',
    reason: 'a shortcut: digits give the same number as the table',
  },
  { rule: 'types/arithmetic.ts Sub', change: 'never holds: B extends 0 ? A', reason: shortcut },
  { rule: 'types/arithmetic.ts Mul', change: 'never holds: A extends 1 ? B', reason: shortcut },
  { rule: 'types/arithmetic.ts Mul', change: 'never holds: B extends 1 ? A', reason: shortcut },
  { rule: 'types/arithmetic.ts Div', change: 'never holds: B extends 1 ? A', reason: shortcut },
  { rule: 'types/arithmetic.ts Mod', change: 'never holds: B extends 1 ? 0', reason: shortcut },
  {
    rule: 'types/block.ts OpenOutput',
    change: 'always holds: Same<Y, [2, ...X]>',
    reason: 'a sentence that two shapes share holds of any: it would only come a layer earlier',
  },
  {
    rule: 'types/name.ts Use',
    change: "literal: 'this' -> 'this?'",
    reason: 'of two words the one that is not the other, whatever it is',
  },
  {
    rule: 'types/metric.ts BinaryConfusion',
    change: "literal: 'confusionMatrix' -> 'confusionMatrix?'",
    reason: 'any output has a target of its own shape, so there is no sentence with its name',
  },
  { rule: 'types/augment.ts AugmentOp', change: '', reason: values },
  { rule: 'types/compile.ts Spec', change: '', reason: variance },
  { rule: 'types/compile.ts SpecFault', change: 'never holds: G extends RefusedSpec<infer E>', reason: quoted },
  {
    rule: 'types/compile.ts Step',
    change: '',
    reason: 'a tuple of any length makes a pair in a literal a tuple, and any object passes; PairFault judges',
  },
  { rule: 'types/convolution.ts Counts', change: '', reason: values },
  { rule: 'types/depthwise.ts Depthwise', change: '', reason: values },
  {
    rule: 'types/einsum.ts Equation',
    change: 'always holds: HasDots<Ts> extends true',
    reason: 'without `...` in an operand there are no dims that it could stand for',
  },
  {
    rule: 'types/einsum.ts Equation',
    change: "literal: '' -> '?'",
    reason: 'the text of the result is said nowhere where it was not written',
  },
  {
    rule: 'types/einsum.ts Output',
    change: 'always holds: A extends unknown[]',
    reason: 'without `...` in the result there are no dims that it could stand for',
  },
  { rule: 'types/expand-dims.ts ExpandDimsShape', change: 'literal: 1 -> 2', reason: rank },
  { rule: 'types/stack.ts StackShape', change: 'literal: 1 -> 2', reason: rank },
  { rule: 'types/reshape.ts Closed', change: 'literal: 1 -> 2', reason: 'of that shape only the other dims are asked about' },
  {
    rule: 'types/reduce.ts OneOf',
    change: 'never holds: [A] extends [number | null]',
    reason: 'a shortcut: a union of numbers is refused in the same words as a number',
  },
  {
    rule: 'types/fit.ts GivenFault',
    change: 'always holds: O extends string',
    reason: 'a shape is no message, as null is none',
  },
  {
    rule: 'types/input.ts InputMessage',
    change: 'never holds: Lax extends true',
    reason: lax,
  },
  { rule: 'types/input.ts InputMessage', change: "literal: 'input' -> 'input?'", reason: lax },
  {
    rule: 'types/input.ts InputMessage',
    change: 'never holds: [L] extends [never]',
    reason: 'a sentence with `never` in it is `never`, which is as good as null',
  },
  {
    rule: 'types/operation.ts GivenFault',
    change: 'always holds: O extends string',
    reason: 'a shape is no message, as null is none',
  },
  {
    rule: 'types/options.ts noRecord',
    change: '',
    reason: 'said to JavaScript alone: test/train/options.test.ts has it',
  },
  {
    rule: 'types/slice.ts FromFront',
    change: 'never holds: `',
    reason: 'a shortcut: a fraction has no digits to count with, so the comparison that follows gives null as well',
  },
  {
    rule: 'types/layer.ts Plain',
    change: '',
    reason: 'the same type without a `NoInfer` that only an editor shows: test/golden/hovers.txt has it',
  },
  { rule: 'types/layer.ts ShapeFault', change: 'never holds: S extends string', reason: quoted },
  {
    rule: 'types/layer.ts Refused',
    change: 'never holds: [Message] extends [never]',
    reason: 'asked only while overloads are tried, of one that is not taken',
  },
  { rule: 'types/size.ts SizeFault', change: 'never holds: number extends N', reason: 'a shortcut: `IsOpen` finds it too' },
  { rule: 'types/size.ts SizeFault', change: 'never holds: string extends N', reason: 'a shortcut: `IsOpen` finds it too' },
  { rule: 'types/size.ts SizeFault', change: 'never holds: IsShort', reason: 'a shortcut: what is unusual is looked at closely' },
  { rule: 'types/size.ts UnusualFault', change: "literal: 'y' -> 'y?'", reason: 'a shortcut: the comparison finds Infinity large too' },
  { rule: 'types/size.ts IsOpen', change: 'literal: 1 -> 2', reason: 'whether a key may be missing does not hang on what it holds' },
  { rule: 'types/size.ts Lax', change: '', reason: lax },
  { rule: 'types/size.ts ShapeMessage', change: 'never holds: Lax extends true', reason: lax },
  { rule: 'types/size.ts LaxMessage', change: '', reason: lax },
  { rule: 'types/size.ts RefuseShape', change: 'never holds: Lax extends true', reason: lax },
  { rule: 'types/size.ts RefuseShape', change: 'element: [...S] -> []', reason: lax },
  { rule: 'types/norm.ts NormOp', change: '', reason: 'a bound of what the library itself gives: no call of a user meets it' },
  { rule: 'types/pool.ts Axes', change: '', reason: values },
  { rule: 'types/upsample.ts Axes', change: '', reason: values },
  { rule: 'types/freeze.ts Tail', change: 'literal: 0 -> 1', reason: 'any number does: it is no word' },
  { rule: 'types/tensor.ts Tensor', change: '', reason: variance },
  {
    rule: 'types/window.ts Within',
    change: "literal: 'large' -> 'large?'",
    reason: 'of three marks the one that is neither of the others, whatever its name',
  },
  {
    rule: 'src/model/losses/own-loss.ts Sizes',
    change: "literal: 'lossOf' -> 'lossOf?'",
    reason: 'the first of two: only asked whether there is a message; of the second a case is told',
  },
  { rule: 'types/rearrange.ts Notation', change: '', reason: values },
  { rule: 'types/mapped.ts mixed', change: '', reason: 'a sentence of the run: no type says what a function does with a batch' },
  {
    rule: 'types/heads.ts KeyDepth',
    change: 'never holds: [G] extends [H] ? D',
    reason: 'a shortcut: as many groups as heads take the depth as it is, which the products say too',
  },
  {
    rule: 'types/heads.ts GroupsMessage',
    change: 'never holds: [G] extends [H] ? null',
    reason: 'a shortcut: as many groups as heads divide them, and the heads were looked at before',
  },
  {
    rule: 'types/freeze.ts Without',
    change: 'never holds:',
    reason: 'a shortcut past what no path goes into: taken apart and put together it is the same record',
  },
  {
    rule: 'types/recurrent.ts WordOf',
    change: 'never holds: O extends string ? Default',
    reason: 'a name has no options: asked for one it gives what stands for none',
  },
]
