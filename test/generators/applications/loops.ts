/** Loops over time: carries that stay what they are, sequences of one length. */
import fc from 'fast-check'
import { type Application, type Applications, list, made, sameOr, shapeOf, size } from './words.ts'

const row = shapeOf(size, 0, 4)
/** Steps over a carry of one shape and rows of another, that is the same as often as not. */
const scan: Applications = row
  .chain((a) => fc.tuple(fc.constant(a), fc.tuple(...a.map(sameOr)), size, size, fc.nat({ max: 11 })))
  .map(([a, b, n, m, form]): Application => {
    const [h, xs] = [made(a), made([n, ...a])]
    const other = made([n, ...b])
    if (form === 0) return `scan((h, x) => add(h, x), ${h}, ${xs})`
    if (form === 1) return `scan((h, [x, y]) => [add(h, x), y], ${h}, [${xs}, ${made([m, ...b])}])`
    if (form === 2) return `scan((h, { x }) => [h, x], ${h}, { x: ${xs}, y: zeros([]) })`
    if (form === 3) return `scan((h) => [h, h], ${h}, { x: null })`
    if (form === 4) return `scan((h, x) => [pipe(h, cast('i32')), x], ${h}, ${xs})`
    if (form === 5) return `scan(({ h }, x) => [{ k: h }, x], { h: ${h} }, ${other})`
    if (form < 8) return `scan((h, x) => [x, h], ${h}, ${other})`
    if (form === 8)
      return `scan(([h, n], [x, i]) => [[mul(h, x), add(n, i)], { h, i }], [${h}, zeros([], 'i32')], [${xs}, iota(${list([n])})])`
    if (form === 9) return `scan(({ h, s }, x) => [{ h: tanh(add(h, x)), s }, null], { h: ${h}, s: ${made(b)} }, ${xs}, { reverse: true })`
    return `scan((h, x) => [tanh(add(h, x)), x], ${h}, ${xs})`
  })

export const loops: Readonly<Record<string, Applications>> = { scan }
