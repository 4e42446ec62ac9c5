/** A growing buffer of bytes, with WebAssembly's encodings of numbers and names. */

/** The largest LEB128 encoding of 32 bits. */
const lebBytes = 5
const encoder = new TextEncoder()

export class Bytes {
  #buffer: Uint8Array
  #view: DataView
  #length = 0

  constructor(capacity = 256) {
    this.#buffer = new Uint8Array(capacity)
    this.#view = new DataView(this.#buffer.buffer)
  }

  get length(): number {
    return this.#length
  }

  byte(value: number): void {
    if (this.#length === this.#buffer.length) this.#reserve(1)
    this.#buffer[this.#length++] = value
  }

  /** An opcode of one byte and its one immediate, unsigned: what most instructions are. */
  pair(opcode: number, immediate: number): void {
    this.#reserve(1 + lebBytes)
    this.#buffer[this.#length++] = opcode
    if (immediate >= 0 && immediate < 0x80) this.#buffer[this.#length++] = immediate
    else this.unsigned(immediate)
  }

  /** Unsigned LEB128 of 32 bits. */
  unsigned(value: number): void {
    this.#reserve(lebBytes)
    let rest = value >>> 0
    for (; rest > 0x7f; rest >>>= 7) this.#buffer[this.#length++] = (rest & 0x7f) | 0x80
    this.#buffer[this.#length++] = rest
  }

  /** Signed LEB128 of 32 bits. An i64 of the same value has the same encoding. */
  signed(value: number): void {
    this.#reserve(lebBytes)
    let rest = value | 0
    for (; rest < -0x40 || rest > 0x3f; rest >>= 7) this.#buffer[this.#length++] = (rest & 0x7f) | 0x80
    this.#buffer[this.#length++] = rest & 0x7f
  }

  float32(value: number): void {
    this.#reserve(4)
    this.#view.setFloat32(this.#length, value, true)
    this.#length += 4
  }

  float64(value: number): void {
    this.#reserve(8)
    this.#view.setFloat64(this.#length, value, true)
    this.#length += 8
  }

  int32(value: number): void {
    this.#reserve(4)
    this.#view.setInt32(this.#length, value, true)
    this.#length += 4
  }

  append(values: Uint8Array): void {
    this.#reserve(values.length)
    this.#buffer.set(values, this.#length)
    this.#length += values.length
  }

  /** A name: its length in UTF-8 bytes, then the bytes. */
  name(text: string): void {
    const encoded = encoder.encode(text)
    this.unsigned(encoded.length)
    this.append(encoded)
  }

  /** What was written, as long as nothing more is. */
  written(): Uint8Array {
    return this.#buffer.subarray(0, this.#length)
  }

  /** A copy of what was written. */
  toUint8Array(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#buffer.subarray(0, this.#length))
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#buffer.length) return
    const grown = new Uint8Array(Math.max(2 * this.#buffer.length, this.#length + count))
    grown.set(this.#buffer)
    this.#buffer = grown
    this.#view = new DataView(grown.buffer)
  }
}
