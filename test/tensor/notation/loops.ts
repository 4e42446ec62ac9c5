/** The oracle of notations: sums of products by plain loops over every index, in f64; and random equations. */
import fc from 'fast-check'

export interface Filled {
  readonly shape: readonly number[]
  readonly values: readonly number[]
}
/** An equation with a letter for each axis of `...`, and what its letters are. */
export interface Drawn {
  readonly equation: string
  readonly operands: readonly Filled[]
  /** For each operand and the output: an axis's letter, and whether it is stretched from 1. */
  readonly axes: readonly (readonly string[])[]
  readonly output: readonly string[]
  readonly sizes: Readonly<Record<string, number>>
}
export const count = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)
/** Small whole numbers, whose sums of products are exact. */
export const filled = (shape: readonly number[], seed: number): Filled => ({
  shape,
  values: Array.from({ length: count(shape) }, (_, i) => ((i * 7 + seed * 3 + ((i * i) % 5)) % 7) - 3),
})

/** The sum over every assignment of indices to letters. */
export const summedByLoops = ({ operands, axes, output, sizes }: Drawn): Filled => {
  const letters = [...new Set(axes.flat())]
  const shape = output.map((letter) => sizes[letter] as number)
  const values = new Array<number>(count(shape)).fill(0)
  const place = (own: readonly string[], dims: readonly number[], at: Readonly<Record<string, number>>): number =>
    own.reduce((offset, letter, i) => offset * (dims[i] as number) + (dims[i] === 1 ? 0 : (at[letter] as number)), 0)
  for (let n = 0; n < count(letters.map((letter) => sizes[letter] as number)); n++) {
    let rest = n
    const at: Record<string, number> = {}
    for (const letter of letters) {
      at[letter] = rest % (sizes[letter] as number)
      rest = Math.floor(rest / (sizes[letter] as number))
    }
    const product = operands.reduce(
      (x, { shape: dims, values: own }, i) => x * (own[place(axes[i] as readonly string[], dims, at)] as number),
      1,
    )
    values[place(output, shape, at)] = (values[place(output, shape, at)] as number) + product
  }
  return { shape, values: values.map((x) => x + 0) }
}

const letters = ['a', 'b', 'c', 'i', 'j', 'K'] as const
/** What `...` is, and how much of it an operand has: from an axis on; 1 where it is stretched. The first has it all. */
const dots = fc.record({
  dims: fc.array(fc.constantFrom(2, 3, 1), { maxLength: 2 }),
  cuts: fc.array(fc.tuple(fc.nat(2), fc.boolean()), { minLength: 4, maxLength: 4 }),
})
const term = fc.record({ letters: fc.array(fc.constantFrom(...letters), { maxLength: 3 }), dotted: fc.boolean(), at: fc.nat(3) })

/** Equations of one to four operands: diagonals, sums, batches, `...` anywhere, with and without an output. */
export const equations: fc.Arbitrary<Drawn> = fc
  .record({
    sizes: fc.tuple(...letters.map(() => fc.constantFrom(0, 1, 2, 2, 3, 3, 3))),
    terms: fc.array(term, { minLength: 1, maxLength: 4 }),
    dots,
    order: fc.array(fc.nat(100), { minLength: 8, maxLength: 8 }),
    kept: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
    written: fc.integer({ min: 0, max: 4 }),
    spaces: fc.boolean(),
  })
  .map(({ sizes: drawn, terms, dots: { dims, cuts }, order, kept, written, spaces }) => {
    const sizes: Record<string, number> = Object.fromEntries([
      ...letters.map((l, i) => [l, drawn[i] as number]),
      ...dims.map((d, i) => [`.${i}`, d]),
    ])
    const places = dims.map((_, i) => `.${i}`)
    const first = terms.findIndex(({ dotted }) => dotted)
    const own = terms.map(({ letters: all, dotted, at }, i) => {
      const [cut, ones] = i === first ? [0, false] : (cuts[i] as [number, boolean])
      const between = dotted ? places.slice(cut) : []
      const middle = Math.min(at, all.length)
      return {
        axes: [...all.slice(0, middle), ...between, ...all.slice(middle)],
        shape: [...all.slice(0, middle), ...between, ...all.slice(middle)].map((l) =>
          l.startsWith('.') && ones ? 1 : (sizes[l] as number),
        ),
        text: dotted ? `${all.slice(0, middle).join('')}...${all.slice(middle).join('')}` : all.join(''),
      }
    })
    const used = letters.filter((l) => own.some(({ axes }) => axes.includes(l)))
    const chosen = used
      .filter((_, i) => kept[i])
      .sort((a, b) => (order[letters.indexOf(a)] as number) - (order[letters.indexOf(b)] as number))
    const once = used.filter((l) => own.flatMap(({ axes }) => axes).filter((each) => each === l).length === 1).sort()
    const hasDots = first >= 0
    const at = Math.min((order[7] as number) % 3, chosen.length)
    const explicit = hasDots ? `${chosen.slice(0, at).join('')}...${chosen.slice(at).join('')}` : chosen.join('')
    const equation = `${own.map(({ text }) => text).join(spaces ? ' , ' : ',')}${written === 0 ? '' : spaces ? ` -> ${explicit} ` : `->${explicit}`}`
    return {
      equation,
      operands: own.map(({ shape }, i) => filled(shape, i)),
      axes: own.map(({ axes }) => axes),
      output:
        written === 0 ? [...(hasDots ? places : []), ...once] : hasDots ? [...chosen.slice(0, at), ...places, ...chosen.slice(at)] : chosen,
      sizes,
    }
  })
