/** Where the records of a CSV file begin and end, byte by byte, and whether its quotes and line ends are as RFC 4180 says. */

/** What is wrong, and where: lines and columns count from 1, columns in characters. */
export interface CsvFault {
  readonly line: number
  readonly column: number
  readonly message: string
}

export interface ScanRules {
  /** The byte between two fields. */
  readonly delimiter: number
  /** The most bytes of one row. */
  readonly longestRow: number
}

/** A record without its line end: bytes from the start of the file, the line on which it begins, and its number of fields. */
export type OnRecord = (start: number, end: number, line: number, fields: number) => CsvFault | null
/** A field begins here: at this byte, on this line and in this column. */
export type OnField = (line: number, column: number) => void

export interface Scanner {
  /** The next bytes. */
  readonly feed: (bytes: Uint8Array) => CsvFault | null
  /** There are no more. */
  readonly finish: () => CsvFault | null
  /** How lines end; null where there was only one. */
  readonly newline: () => '\n' | '\r\n' | null
}

const [quote, lineFeed, carriageReturn] = [34, 10, 13]
/** A field begins; inside one; inside quotes; behind a quote that stood inside quotes; behind a carriage return. */
const [fieldStart, plain, quoted, closing, returned] = [0, 1, 2, 3, 4]

/** Goes over a file in pieces. `at` is where the first byte stands in the file, and on which line. */
export const csvScanner = (rules: ScanRules, onRecord: OnRecord, onField: OnField | null, at = { offset: 0, line: 1 }): Scanner => {
  const { delimiter, longestRow } = rules
  let state = fieldStart
  let { offset, line } = at
  let [recordStart, recordLine, fields, column] = [offset, line, 1, 1]
  let [openLine, openColumn] = [0, 0]
  let newline: '\n' | '\r\n' | null = null
  let empty = true

  const fault = (message: string): CsvFault => ({ line, column, message })
  const endRecord = (end: number): CsvFault | null => {
    if (empty) return { line, column: 1, message: 'the line is empty' }
    return onRecord(recordStart, end, recordLine, fields)
  }
  const endLine = (kind: '\n' | '\r\n'): CsvFault | null => {
    if (newline !== null && newline !== kind) return fault(`this line ends in ${shownEnd[kind]}, those before in ${shownEnd[newline]}`)
    newline = kind
    const bad = endRecord(offset + 1 - kind.length)
    line++
    ;[recordStart, recordLine, fields, column] = [offset + 1, line, 1, 1]
    ;[state, empty] = [fieldStart, true]
    onField?.(line, column)
    return bad
  }
  const nextField = (): void => {
    fields++
    state = fieldStart
    onField?.(line, column + 1)
  }

  /** What one byte does in each state; the fault it is, or null. */
  const step = (byte: number): CsvFault | null => {
    if (state === quoted) {
      if (byte === quote) state = closing
      else if (byte === lineFeed) [line, column] = [line + 1, 0]
      return null
    }
    if (state === returned) return byte === lineFeed ? endLine('\r\n') : fault('a carriage return without a line feed')
    if (byte === delimiter) {
      nextField()
      return null
    }
    if (byte === lineFeed) return endLine('\n')
    if (byte === carriageReturn) {
      state = returned
      return null
    }
    if (byte === quote) {
      if (state === plain) return fault('a quote inside a field that does not begin with one')
      ;[openLine, openColumn] = state === fieldStart ? [line, column] : [openLine, openColumn]
      state = quoted
      return null
    }
    if (state === closing) return fault('text behind the closing quote of a field')
    state = plain
    return null
  }

  const feed = (bytes: Uint8Array): CsvFault | null => {
    for (let i = 0; i < bytes.length; i++, offset++) {
      const byte = bytes[i] as number
      const before = line
      if (byte !== lineFeed && byte !== carriageReturn) empty = false
      const bad = step(byte)
      if (bad !== null) return bad
      if (offset - recordStart >= longestRow) return { line: recordLine, column: 1, message: `the row is longer than ${longestRow} bytes` }
      // the bytes of one character but the first are no columns
      if ((byte & 0xc0) !== 0x80 && (line === before || state === quoted)) column++
    }
    return null
  }

  const finish = (): CsvFault | null => {
    if (state === quoted) return { line: openLine, column: openColumn, message: 'this quote is never closed' }
    if (state === returned) return fault('a carriage return without a line feed')
    return offset === recordStart ? null : endRecord(offset)
  }
  onField?.(line, column)
  return { feed, finish, newline: () => newline }
}
const shownEnd = { '\n': 'a line feed', '\r\n': 'a carriage return and a line feed' }
