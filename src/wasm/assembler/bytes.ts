/** A growing buffer of bytes, with WebAssembly's encodings of numbers and names. */

/** Bytes that a number takes at most: there is always room for so many, so that one look serves each of them. */
const room = 8
const encoder = new TextEncoder()

export class Bytes {
  #buffer: Uint8Array
  #view: DataView
  #length = 0
  /** The length up to which there is room for one number more. */
  #limit: number

  constructor(capacity = 256) {
    this.#buffer = new Uint8Array(capacity)
    this.#view = new DataView(this.#buffer.buffer)
    this.#limit = capacity - room
  }

  get length(): number {
    return this.#length
  }

  byte(value: number): void {
    if (this.#length > this.#limit) this.#grow(room)
    this.#buffer[this.#length++] = value
  }

  /** An opcode of one byte and its one immediate, unsigned: what most instructions are. */
  pair(opcode: number, immediate: number): void {
    if (this.#length > this.#limit) this.#grow(room)
    this.#buffer[this.#length++] = opcode
    if (immediate >= 0 && immediate < 0x80) this.#buffer[this.#length++] = immediate
    else this.unsigned(immediate)
  }

  /** Unsigned LEB128 of 32 bits. */
  unsigned(value: number): void {
    if (this.#length > this.#limit) this.#grow(room)
    let rest = value >>> 0
    for (; rest > 0x7f; rest >>>= 7) this.#buffer[this.#length++] = (rest & 0x7f) | 0x80
    this.#buffer[this.#length++] = rest
  }

  /** Signed LEB128 of 32 bits. An i64 of the same value has the same encoding. */
  signed(value: number): void {
    if (this.#length > this.#limit) this.#grow(room)
    let rest = value | 0
    for (; rest < -0x40 || rest > 0x3f; rest >>= 7) this.#buffer[this.#length++] = (rest & 0x7f) | 0x80
    this.#buffer[this.#length++] = rest & 0x7f
  }

  float32(value: number): void {
    if (this.#length > this.#limit) this.#grow(room)
    this.#view.setFloat32(this.#length, value, true)
    this.#length += 4
  }

  float64(value: number): void {
    if (this.#length > this.#limit) this.#grow(room)
    this.#view.setFloat64(this.#length, value, true)
    this.#length += 8
  }

  int32(value: number): void {
    if (this.#length > this.#limit) this.#grow(room)
    this.#view.setInt32(this.#length, value, true)
    this.#length += 4
  }

  append(values: Uint8Array): void {
    if (this.#length + values.length > this.#buffer.length) this.#grow(values.length)
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

  /** Makes room for so many bytes more, and a number behind them. */
  #grow(count: number): void {
    const grown = new Uint8Array(Math.max(2 * this.#buffer.length, this.#length + count + room))
    grown.set(this.#buffer)
    this.#buffer = grown
    this.#view = new DataView(grown.buffer)
    this.#limit = grown.length - room
  }
}
