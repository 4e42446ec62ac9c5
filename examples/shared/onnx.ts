/** Writes what a lesson has trained as an ONNX file. */
import { writeFile } from 'node:fs/promises'
import type * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { OnnxError } from 'shapewright/onnx'
import { giveUp, sentence } from './say.ts'

/** Writes the bytes into a file, or says in one line why it can't. */
export const writeOnnx = async (file: string, exported: E.Either<OnnxError, Uint8Array>): Promise<void> => {
  const written = pipe(
    TE.fromEither(exported),
    TE.mapLeft(sentence),
    TE.chain((bytes) =>
      TE.tryCatch(
        () => writeFile(file, bytes),
        (cause) => `${file} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`,
      ),
    ),
    TE.map(() => console.log(`${file} has the network, for any program that runs ONNX`)),
  )
  await pipe(written, TE.mapLeft(giveUp))()
}
