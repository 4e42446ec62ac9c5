/** Mistakes in what becomes of a record, and in what images are. The comments are those of `layers.ts`. */
import * as t from 'io-ts'
import {
  fromRecords,
  imageOf,
  labelOf,
  numberFromText,
  numbersOf,
  oneOf,
  tokensOf,
} from 'shapewright'
import { readCsv, streamCsv } from 'shapewright/csv'
import { imageFiles, imageFolder, streamImageFolder } from 'shapewright/images'
import { readParquet, streamParquet } from 'shapewright/parquet'

declare const records: unknown[]
declare const bytes: Uint8Array
declare const n: number
// biome-ignore lint/suspicious/noExplicitAny: what untyped code gives
declare const anything: any
declare const names: string[]
declare const few: readonly ['a'] | readonly ['a', 'b']
const person = t.type({ age: t.number, list: t.array(t.number), kind: t.string, maybe: t.union([t.number, t.undefined]) })
const row = t.type({ age: numberFromText, kind: t.string })
const kind = oneOf(['cat', 'dog'], (r: { kind: string }) => r.kind)

// -- lists whose length is not known
// fromRecords: the length of a list of numbers is not known; write numbersOf([n], (record) => ...) @ r.list
fromRecords(person, records, { inputs: (r) => r.list, targets: (r) => [r.age] })
// fromRecords: the length of a list of numbers is not known; write numbersOf([n], (record) => ...) @ new Float32Array(r.age)
fromRecords(person, records, { inputs: (r) => new Float32Array(r.age), targets: (r) => [r.age] })
// fromRecords: the length of a list of numbers is not known; write numbersOf([n], (record) => ...) @ [r.list]
fromRecords(person, records, { inputs: (r) => [r.list], targets: (r) => [r.age] })
// readCsv: the length of a list of numbers is not known; write numbersOf([n], (record) => ...) @ [r.age].map(Math.abs)
readCsv('', row, { inputs: (r) => [r.age].map(Math.abs), targets: (r) => [r.age] })
// streamParquet: the length of a list of numbers is not known; write numbersOf([n], (record) => ...) @ r.list
streamParquet(bytes, person, { inputs: (r) => [r.age], targets: (r) => r.list })

// -- what are no numbers
// fromRecords: expected a number, a tuple of numbers, or a field as oneOf(names, (record) => ...) @ r.kind
fromRecords(person, records, { inputs: (r) => [r.age], targets: (r) => r.kind })
// fromRecords: expected a number, a tuple of numbers, or a field as oneOf(names, (record) => ...) @ [r.age, r.maybe]
fromRecords(person, records, { inputs: (r) => [r.age, r.maybe], targets: (r) => r.age })
// streamCsv: expected a number, a tuple of numbers, or a field as oneOf(names, (record) => ...) @ [r.age, r.kind]
streamCsv('', row, { inputs: (r) => [r.age, r.kind], targets: (r) => r.age })
// readParquet: expected a number, a tuple of numbers, or a field as oneOf(names, (record) => ...) @ r.maybe
readParquet(bytes, person, { inputs: (r) => [r.age], targets: (r) => r.maybe })

// fromRecords: expected a number, a tuple of numbers, or a field as oneOf(names, (record) => ...) @ [anything, r.age]
fromRecords(person, records, { inputs: (r) => [anything, r.age], targets: (r) => r.age })
// fromRecords: the length of a list of numbers is not known; write numbersOf([n], (record) => ...) @ (r.age > 1 ? r.list : [r.age])
fromRecords(person, records, { inputs: (r) => (r.age > 1 ? r.list : [r.age]), targets: (r) => r.age })
// fromRecords: expected a number, a tuple of numbers, or a field as oneOf(names, (record) => ...) @ (r.age > 1 ? r.kind : [r.age])
fromRecords(person, records, { inputs: (r) => (r.age > 1 ? r.kind : [r.age]), targets: (r) => r.age })
// fromRecords: expected a number, a tuple of numbers, or a field as oneOf(names, (record) => ...) @ (r.age > 1 ? [r.age] : [r.age, 2])
fromRecords(person, records, { inputs: (r) => (r.age > 1 ? [r.age] : [r.age, 2]), targets: (r) => r.age })

// -- rows that differ
// fromRecords: rows of one shape are expected, got [2] and [1] @ [[r.age, 1], [r.age]]
fromRecords(person, records, { inputs: (r) => [[r.age, 1], [r.age]], targets: (r) => r.age })
// fromRecords: rows of one shape are expected, got [] and [1] @ [r.age, [r.age]]
fromRecords(person, records, { inputs: (r) => [r.age, [r.age]], targets: (r) => r.age })
// fromRecords: rows of one shape are expected, got [1] and [2] @ [[r.age], [r.age], [r.age, 2]]
fromRecords(person, records, { inputs: (r) => [[r.age], [r.age], [r.age, 2]], targets: (r) => r.age })

// -- fields
// ~ numbersOf: a size is not a literal; write dim('name', n) @ inputs
fromRecords(person, records, { inputs: numbersOf([n], (r) => r.list), targets: kind })
// ~ tokensOf: a size must be a whole number, got 2.5 @ inputs
fromRecords(person, records, { inputs: tokensOf([2.5], (r) => r.list), targets: kind })
// ~ imageOf: a size must be a whole number, got -1 @ inputs
fromRecords(person, records, { inputs: imageOf([28, -1, 1], () => bytes), targets: kind })
// oneOf: the names are not known to the types; write them as a list of literals @ names
oneOf(names, (r: { kind: string }) => r.kind)
// oneOf: the names are not known to the types; write them as a list of literals @ few
oneOf(few, (r: { kind: string }) => r.kind)
// oneOf: expected at least one name @ []
oneOf([], (r: { kind: string }) => r.kind)
// labelOf: the number of classes is not a literal @ n
labelOf(n, (r: { age: number }) => r.age)
// labelOf: expected at least one class, got 9007199254740992 @ 9007199254740992
labelOf(9007199254740992, (r: { age: number }) => r.age)
// labelOf: expected at least one class, got 0 @ 0
labelOf(0, (r: { age: number }) => r.age)
// labelOf: expected at least one class, got 2.5 @ 2.5
labelOf(2.5, (r: { age: number }) => r.age)

// -- images
// imageFolder: an image is [height, width, channels], got [28, 28] @ shape
imageFolder('pictures', { shape: [28, 28], classes: ['cat', 'dog'] })
// imageFiles: a size is not a literal; write dim('name', n) @ shape
imageFiles([], { shape: [n, 28, 1], classes: ['cat', 'dog'] })
// streamImageFolder: the classes are not known to the types; write them as a list of literals @ classes
streamImageFolder('pictures', { shape: [28, 28, 1], classes: names })
// imageFolder: expected at least one class @ classes
imageFolder('pictures', { shape: [28, 28, 1], classes: [] })
