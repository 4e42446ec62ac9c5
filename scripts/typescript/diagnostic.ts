/** One error of a TypeScript compiler, whichever of the three it was. */

export interface Diagnostic {
  /** Relative to the root; empty for an error of the whole project. */
  readonly path: string
  readonly line: number
  readonly column: number
  /** `2345`, as in TS2345; 0 for what is no error of a compiler's own. */
  readonly code: number
  /** Characters under the squiggle, where the compiler tells. */
  readonly length: number | null
  /** The chain of explanations, outermost first, each indented below what it explains; the last one is the reason. */
  readonly lines: readonly string[]
}

const heading = /^(?:(.+?)\((\d+),(\d+)\): )?error TS(\d+): (.*)$/

/** Reads what `tsc --pretty false` prints. A line that belongs to no error is an error of its own: a crash must not look clean. */
export const parseDiagnostics = (output: string): readonly Diagnostic[] => {
  const found: Diagnostic[] = []
  for (const text of output.split('\n').filter((line) => line.trim() !== '')) {
    const match = heading.exec(text)
    const last = found.pop()
    if (match !== null) {
      if (last !== undefined) found.push(last)
      const [, path = '', line = '0', column = '0', code = '0', first = ''] = match
      found.push({ path, line: Number(line), column: Number(column), code: Number(code), length: null, lines: [first] })
    } else if (last !== undefined && /^\s/.test(text)) found.push({ ...last, lines: [...last.lines, text.trimEnd()] })
    else found.push(...(last === undefined ? [] : [last]), { path: '', line: 0, column: 0, code: 0, length: null, lines: [text] })
  }
  return found
}
