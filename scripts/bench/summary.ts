/** What machines ask of a run: our share of the machine's peak, and ratios to the others, each taken within a round. */
import type { Measured } from './measure.ts'
import type { Peaks } from './peaks.ts'
import { median, type Rounds, ratioOf, timingOf } from './statistics.ts'
import { contractionFlops } from './workloads.ts'

export type Summary = Readonly<Record<string, number | null | Readonly<Record<string, Readonly<Record<string, number>>>>>>

export const roundsOf = ({ lines }: Pick<Measured, 'lines'>, id: string): Rounds | undefined => lines.find((line) => line.id === id)?.rounds

/** GFLOP/s of the step's products over what the machine reached in the same round: the median; null where either is unknown. */
export const shareOf = (measured: Pick<Measured, 'lines' | 'peaks' | 'workload'>, id: string, kind: keyof Peaks): number | null => {
  const flops = contractionFlops(measured.workload)
  const shares = (roundsOf(measured, id) ?? []).flatMap((microseconds, i) => {
    const peak = measured.peaks[i]?.[kind] ?? null
    return microseconds === null || peak === null ? [] : [flops / microseconds / 1000 / peak]
  })
  return shares.length === 0 ? null : median(shares)
}

/** Our lines: by what they add to a name, with the peak that their instructions have. */
const own: readonly { readonly id: string; readonly name: string; readonly peak: keyof Peaks }[] = [
  { id: 'ours', name: '', peak: 'mulAdd128' },
  { id: 'ours-t2', name: 'Threads2', peak: 'mulAdd128' },
  { id: 'ours-fast', name: 'FastMath', peak: 'fma128' },
  { id: 'ours-fast-t2', name: 'FastMathThreads2', peak: 'fma128' },
]

/**
 * `w1ShareOfPeak`: of the 128-bit peak of one core, of multiply and add apart for strict lines, fused for `FastMath` ones;
 * `w1ShareOfFmaPeak`: of the fused one for all. `w1OverProducts`: our step / its products alone. `w1VsC1`: our time / that of C over OpenBLAS on one thread; `w1VsC1Avx2` and
 * `w1VsC1Avx512`: where OpenBLAS is told which code to take; `w1Threads2VsC2`: two threads each. `ratios`: a peer's time / that of our strict line on one
 * thread; `ratiosThreads2`: of peers on two threads / ours on two; above 1 we are ahead.
 */
export const summaryOf = (all: readonly Measured[]): Summary => ({
  ...Object.assign({}, ...all.map(figuresOf)),
  ratios: ratios(all, 'ours', () => true),
  ratiosThreads2: ratios(all, 'ours-t2', (id) => id.endsWith('-t2')),
})

const figuresOf = (measured: Measured): Readonly<Record<string, number | null>> => {
  const prefix = measured.workload.id.toLowerCase()
  const against = (id: string, peer: string) => ratioOf(roundsOf(measured, id), roundsOf(measured, peer))
  const ours = measured.lines.find(({ id }) => id === 'ours')
  const step = timingOf(ours?.rounds ?? [])?.median ?? null
  const products = ours?.split?.gemm ?? 0
  return Object.assign(
    { [`${prefix}OverProducts`]: step === null || products === 0 ? null : step / products },
    ...own.map(({ id, name, peak }) => ({
      [`${prefix}${name}ShareOfPeak`]: shareOf(measured, id, peak),
      [`${prefix}${name}ShareOfFmaPeak`]: shareOf(measured, id, 'fma128'),
      [`${prefix}${name}VsC1`]: against(id, 'c-openblas'),
      [`${prefix}${name}VsC1Avx2`]: against(id, 'c-openblas-avx2'),
      [`${prefix}${name}VsC1Avx512`]: against(id, 'c-openblas-avx512'),
      [`${prefix}${name}VsC2`]: against(id, 'c-openblas-t2'),
    })),
  )
}

const ratios = (all: readonly Measured[], ours: string, which: (id: string) => boolean) =>
  Object.fromEntries(
    all.map((measured) => {
      const others = measured.lines.filter(({ id }) => id !== ours && which(id))
      const each = others.map(({ id, rounds }) => [id, ratioOf(rounds, roundsOf(measured, ours))] as const)
      return [measured.workload.id, Object.fromEntries(each.filter((pair): pair is [string, number] => pair[1] !== null))]
    }),
  )
