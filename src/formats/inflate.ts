/** Gzip and deflate through the host's own decompressor, never past a limit. */
import * as E from 'fp-ts/lib/Either.js'

/** The first bytes of a stream: all of them, unless `more`. */
export interface Inflated {
  readonly bytes: Uint8Array
  readonly more: boolean
}

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b

/**
 * Inflates up to `limit` bytes and stops there, whatever the stream would still give.
 * Left: what is wrong with the stream. Damage behind the limit is not seen.
 */
export const inflate = async (
  bytes: Uint8Array,
  limit: number,
  format: 'gzip' | 'deflate' | 'deflate-raw' = 'gzip',
): Promise<E.Either<string, Inflated>> => {
  if (typeof DecompressionStream === 'undefined') return E.left('this host has no DecompressionStream')
  const stream = new DecompressionStream(format)
  const reader = stream.readable.getReader()
  const fed = feed(stream.writable.getWriter(), bytes)
  const chunks: Uint8Array[] = []
  let total = 0
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      chunks.push(next.value)
      total += next.value.length
      if (total > limit) break
    }
    if (total > limit) await reader.cancel()
  } catch (cause) {
    return E.left(cause instanceof Error ? cause.message : String(cause))
  } finally {
    await fed
  }
  return E.right({ bytes: join(chunks, Math.min(total, limit)), more: total > limit })
}

/** Deflated, without a wrapper: how well follows from the host. */
export const deflate = async (bytes: Uint8Array): Promise<E.Either<string, Uint8Array>> => {
  if (typeof CompressionStream === 'undefined') return E.left('this host has no CompressionStream')
  const packed = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new CompressionStream('deflate-raw'))
  return E.right(new Uint8Array(await new Response(packed).arrayBuffer()))
}

/** What goes wrong here goes wrong at the reader too, and is told there. */
const feed = async (writer: WritableStreamDefaultWriter<BufferSource>, bytes: Uint8Array): Promise<void> => {
  try {
    await writer.write(bytes as Uint8Array<ArrayBuffer>)
    await writer.close()
  } catch {
    return
  }
}

const join = (chunks: readonly Uint8Array[], length: number): Uint8Array => {
  const whole = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk.subarray(0, length - at), at)
    at += Math.min(chunk.length, length - at)
  }
  return whole
}
