/** What programs that run on several hosts share: unwrapping, and the SHA-256 of weights, by which bits are compared. */

interface Left {
  readonly _tag: 'Left'
  readonly left: unknown
}
interface Right<A> {
  readonly _tag: 'Right'
  readonly right: A
}
export const orThrow = <A>(either: Left | Right<A>): A => {
  if (either._tag === 'Left') throw new Error(JSON.stringify(either.left))
  return either.right
}

/** Of all leaves, one after the other, as f32. */
export const sha256 = async (leaves: readonly Iterable<number>[]): Promise<string> => {
  const values = Float32Array.from(leaves.flatMap((leaf) => [...leaf]))
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', values))
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
