/** The tensors of a safetensors file, of the index of a sharded one, or of a checkpoint, as a declaration of TypeScript. Headers alone are read. */
import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { SafetensorsError } from '../../formats/safetensors/error.ts'
import { readSafetensorsHeader, type SafetensorsEntry, type SafetensorsHeader } from '../../formats/safetensors/header.ts'
import { readSafetensorsIndex } from '../../formats/safetensors/sharded.ts'
import { kind, kindKey, paramsPrefix } from '../checkpoint.ts'
import { type FileError, unreadable } from '../file-error.ts'
import { fileSource } from '../source.ts'

/** A tensor by its name: the type of its elements, or what the format calls it where nothing here holds such. */
export interface NamedTensor {
  readonly name: string
  readonly type: string
  readonly shape: readonly number[]
}

/** The tensors that `loadParams` would read from a file, by name. */
export const tensorsIn = (file: string): TE.TaskEither<FileError | SafetensorsError, readonly NamedTensor[]> =>
  pipe(
    file.endsWith('.json') ? shardedTensors(file) : pipe(headerOf(file), TE.map(entriesOf)),
    TE.map((entries) => entries.map(([name, { type, dtype, shape }]) => ({ name, type: type ?? dtype, shape }))),
    TE.map((tensors) => tensors.sort((a, b) => (a.name < b.name ? -1 : 1))),
  )

type Entries = readonly (readonly [string, SafetensorsEntry])[]

const headerOf = (file: string): TE.TaskEither<FileError | SafetensorsError, SafetensorsHeader> =>
  pipe(
    fileSource(file),
    TE.chainW((source) => readSafetensorsHeader(source)),
  )

/** Of a checkpoint its parameters alone. */
const entriesOf = ({ tensors, metadata }: SafetensorsHeader): Entries =>
  metadata.get(kindKey) !== kind
    ? [...tensors]
    : [...tensors].flatMap(([name, entry]) => (name.startsWith(paramsPrefix) ? [[name.slice(paramsPrefix.length), entry] as const] : []))

const shardedTensors = (file: string): TE.TaskEither<FileError | SafetensorsError, Entries> =>
  pipe(
    TE.tryCatch(
      () => readFile(file),
      (cause): FileError | SafetensorsError => unreadable(file, cause),
    ),
    TE.chainEitherKW((bytes) => readSafetensorsIndex(bytes)),
    TE.chainW((index) =>
      pipe(
        [...index.keys()],
        TE.traverseSeqArray((shard) => headerOf(join(dirname(file), shard))),
      ),
    ),
    TE.map((headers) => headers.flatMap(entriesOf)),
  )

/** ts-morph is a user's own package: whoever calls has it. */
type Morph = typeof import('ts-morph')

/** The text of the declaration: an interface with a tensor a line, by name. */
export const declarationOf = ({ Project, StructureKind, QuoteKind }: Morph, file: string, tensors: readonly NamedTensor[]): string => {
  const project = new Project({ useInMemoryFileSystem: true, manipulationSettings: { quoteKind: QuoteKind.Single } })
  const source = project.createSourceFile('weights.d.ts', {
    statements: [
      {
        kind: StructureKind.Interface,
        name: 'Weights',
        isExported: true,
        docs: [docOf(file)],
        properties: tensors.map(({ name, type, shape }) => ({
          name: quoted(name),
          isReadonly: true,
          type: `{ readonly type: ${quoted(type)}; readonly shape: readonly [${shape.join(', ')}] }`,
        })),
      },
    ],
  })
  return source.getFullText()
}

/** Names come from strangers: JSON writes them as a literal of TypeScript, whatever is in them. */
const quoted = (text: string): string => JSON.stringify(text).replace(/[\u2028\u2029]/g, (end) => `\\u${end.charCodeAt(0).toString(16)}`)

const docOf = (file: string): string => {
  const name = basename(file).replace(/[^\w.-]/g, '_')
  return [
    `What stands in ${name}, by its header: written by \`npx shapewright-types ${name}\`.`,
    `\`loadParams(declared<Weights>('${name}'), model)\` is refused where the model has other tensors.`,
  ].join('\n')
}
