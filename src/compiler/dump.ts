/** What the debug ladder shows of kernels, arena and passes: text for a person, and for golden tests. */
import type { Body, Buffer, Instruction } from './kernel.ts'
import type { LaidKernel, Run } from './layout/laid.ts'
import { bytesOf, type EntryBuffers, lifetimes, type Plan } from './plan.ts'
import { around, type Region } from './regions.ts'

/** The kernels in order, those of a loop over time indented under what the loop does, and where threads wait for each other. */
export const kernelsText = ({ kernels, regions }: Pick<EntryBuffers, 'kernels' | 'regions'>, barriers: readonly boolean[] = []): string =>
  kernels
    .map((k, i) => {
      const heads = regions.flatMap((region, r) =>
        region.from === i && region.to > i ? [indented(regionText(region), depth(regions, r))] : [],
      )
      const own = indented(`${barriers[i] === true ? 'barrier\n' : ''}${i} ${kernelText(k)}`, around(regions, i).length)
      return [...heads, own].join('\n')
    })
    .join('\n')

const depth = (regions: readonly Region[], at: number): number => around(regions.slice(0, at), (regions[at] as Region).from).length
const indented = (text: string, depth: number): string => (depth === 0 ? text : text.replaceAll(/^/gm, '  '.repeat(depth)))

const regionText = ({ from, to, length, reverse, rows }: Region): string => {
  const row = ({ id, of, offset, step, turns }: Region['rows'][number]): string =>
    `\n  b${id} = b${of}[${offset}; ${step}]${turns ? ' in turns' : ''}`
  return `scan of ${length}${reverse ? ' in reverse' : ''}, kernels ${from} to ${to - 1}${rows.map(row).join('')}`
}

const splitText = ({ split }: LaidKernel): string =>
  split === null ? '' : `, split axis ${split.axis} into ${split.units} units of ${split.size}`

const view = (v: { readonly buffer: number; readonly offset: number; readonly strides: readonly number[] }): string =>
  `b${v.buffer}[${v.offset}; ${v.strides.join(' ')}]`

const runsText = (runs: readonly Run[]): string => runs.map(({ size, count }) => `${size}${count === 1 ? '' : `*${count}`}`).join('+')

const kernelText = (k: LaidKernel): string =>
  k.kind === 'contract'
    ? `contract ${[...k.batch, k.m, k.n].join('x')} over ${k.kAxes.join('x')}, ${k.outer} outside, tiles ${runsText(k.rows)} by ${runsText(k.columns)}${k.panel === null ? '' : `, panel b${k.panel}`}${k.blocks === null ? '' : `, blocks of ${k.blocks.size}${k.blocks.around === 'all' ? ' around all' : ''} in ${view(k.blocks.sums)}`}${splitText(k)}: ${view(k.x)} * ${view(k.y)}${bodyText(k.after, '  then')}`
    : `loop ${k.outer.join('x') || '1'}, lanes ${k.lanes}${splitText(k)}${k.phases
        .map((p) => {
          const reduce = p.accumulate.map((a, i) => `\n    a${i} = ${a.op} %${a.value}`).join('')
          return `\n  phase ${p.inner.join('x') || '1'}${bodyText(p.body, '')}${reduce}${p.after.stores.length > 0 ? bodyText(p.after, '  after') : ''}`
        })
        .join('')}`

const bodyText = (body: Body, title: string): string =>
  [
    title === '' ? [] : [`\n${title}`],
    body.instructions.map((i, n) => `\n    %${n} = ${instructionText(i)}`),
    body.stores.map((s) => `\n    ${view(s.view)}${s.addAt === undefined ? ' =' : ` at %${s.addAt} +=`} %${s.value}`),
  ]
    .flat()
    .join('')

const instructionText = (i: Instruction): string => {
  switch (i.op) {
    case 'load':
      return `${i.dtype} ${view(i.view)}`
    case 'gather':
      return `${i.dtype} ${view(i.view)} at ${i.inputs.map((n) => `%${n}`).join(' ')}`
    case 'constant':
      return `${i.dtype} ${Object.is(i.value, -0) ? '-0' : i.value}`
    case 'index':
      return `index ${i.offset}; ${i.strides.join(' ')}`
    case 'random':
      return `random ${i.inputs.map((n) => `%${n}`).join(' ')}`
    case 'accumulator':
      return `a${i.index}`
    case 'apply':
      return `${i.dtype} ${i.apply} ${i.inputs.map((n) => `%${n}`).join(' ')}`
    default:
      return i satisfies never
  }
}

/** Each buffer with its place and the kernels between which it lives. */
export const arenaText = (entries: readonly EntryBuffers[], plan: Plan): string =>
  entries
    .map((entry, e) =>
      lifetimes(entry)
        .map((life) => ({ ...life, at: plan.offsets[e]?.get(life.buffer) ?? 0 }))
        .sort((a, b) => a.at - b.at || a.from - b.from)
        .map(({ buffer, at, from, to }) => {
          const b = entry.buffers[buffer] as Buffer
          return `${`${at}`.padStart(10)} ${`${bytesOf(b)}`.padStart(10)} b${buffer} ${b.dtype} [${b.shape.join(', ')}] ${b.role} ${b.path}, kernels ${from} to ${to}`
        })
        .join('\n'),
    )
    .join('\n\n')

export const passesText = (passes: Readonly<Record<string, number>>, arenaBytes: number, wasmBytes: number): string =>
  [
    ...Object.entries(passes).map(([name, ms]) => `${name.padEnd(12)} ${ms.toFixed(2).padStart(8)} ms`),
    `arena ${arenaBytes} bytes, module ${wasmBytes} bytes`,
  ].join('\n')
