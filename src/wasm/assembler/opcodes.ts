/** The instructions the assembler knows: opcode, operands, results and memory width. Source: the WebAssembly core specification 3.0. */

export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128'

/** The binary encoding of each type. */
export const typeCodes: { readonly [T in ValueType]: number } = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b }

export interface Instruction {
  /** One byte, or a prefix byte and a number of up to twelve bits: `0xfd0e4` is 0xfd, then 0xe4. */
  readonly opcode: number
  readonly params: readonly ValueType[]
  readonly results: readonly ValueType[]
}
/** An instruction with a memory immediate: `width` bytes are read or written. */
export interface MemoryInstruction extends Instruction {
  readonly width: number
}
/** An instruction with a lane immediate below `lanes`. */
export interface LaneInstruction extends Instruction {
  readonly lanes: number
}

type Table<N extends string, I> = { readonly [K in N]: I }

const instruction = (opcode: number, params: string, results: string): Instruction => ({
  opcode,
  params: params.split(' ').filter(Boolean) as ValueType[],
  results: results.split(' ').filter(Boolean) as ValueType[],
})

/** Opcodes of one signature, one after the other from `first`. A name that starts with '-' is a gap. */
const run = <const N extends string>(params: string, results: string, first: number, names: readonly N[]) =>
  Object.fromEntries(names.flatMap((name, i) => (name.startsWith('-') ? [] : [[name, instruction(first + i, params, results)]]))) as Table<
    Exclude<N, `-${string}`>,
    Instruction
  >

const memory = <const N extends string>(
  params: string,
  results: string,
  rows: { readonly [K in N]: readonly [opcode: number, width: number] },
) =>
  Object.fromEntries(
    Object.entries<readonly [number, number]>(rows).map(([name, [opcode, width]]) => [
      name,
      { ...instruction(opcode, params, results), width },
    ]),
  ) as Table<N, MemoryInstruction>

const lane = (opcode: number, params: string, results: string, lanes: number): LaneInstruction => ({
  ...instruction(opcode, params, results),
  lanes,
})

const v = 'v128'
const vv = 'v128 v128'
const vvv = 'v128 v128 v128'

/** Scalar instructions without immediates. */
const scalar = {
  ...run('i32', 'i32', 0x45, ['i32.eqz']),
  ...run('i32 i32', 'i32', 0x46, [
    'i32.eq',
    'i32.ne',
    'i32.lt_s',
    'i32.lt_u',
    'i32.gt_s',
    'i32.gt_u',
    'i32.le_s',
    'i32.le_u',
    'i32.ge_s',
    'i32.ge_u',
  ]),
  ...run('i64', 'i32', 0x50, ['i64.eqz']),
  ...run('i64 i64', 'i32', 0x51, [
    'i64.eq',
    'i64.ne',
    'i64.lt_s',
    'i64.lt_u',
    'i64.gt_s',
    'i64.gt_u',
    'i64.le_s',
    'i64.le_u',
    'i64.ge_s',
    'i64.ge_u',
  ]),
  ...run('f32 f32', 'i32', 0x5b, ['f32.eq', 'f32.ne', 'f32.lt', 'f32.gt', 'f32.le', 'f32.ge']),
  ...run('f64 f64', 'i32', 0x61, ['f64.eq', 'f64.ne', 'f64.lt', 'f64.gt', 'f64.le', 'f64.ge']),
  ...run('i32', 'i32', 0x67, ['i32.clz', 'i32.ctz', 'i32.popcnt']),
  ...run('i32 i32', 'i32', 0x6a, ['i32.add', 'i32.sub', 'i32.mul', 'i32.div_s', 'i32.div_u', 'i32.rem_s', 'i32.rem_u']),
  ...run('i32 i32', 'i32', 0x71, ['i32.and', 'i32.or', 'i32.xor', 'i32.shl', 'i32.shr_s', 'i32.shr_u', 'i32.rotl', 'i32.rotr']),
  ...run('i64 i64', 'i64', 0x7c, ['i64.add', 'i64.sub', 'i64.mul', '-div_s', '-div_u', '-rem_s', '-rem_u']),
  ...run('i64 i64', 'i64', 0x83, ['i64.and', 'i64.or', 'i64.xor', 'i64.shl', 'i64.shr_s', 'i64.shr_u', 'i64.rotl', 'i64.rotr']),
  ...run('f32', 'f32', 0x8b, ['f32.abs', 'f32.neg', 'f32.ceil', 'f32.floor', 'f32.trunc', 'f32.nearest', 'f32.sqrt']),
  ...run('f32 f32', 'f32', 0x92, ['f32.add', 'f32.sub', 'f32.mul', 'f32.div', 'f32.min', 'f32.max', 'f32.copysign']),
  ...run('f64', 'f64', 0x99, ['f64.abs', 'f64.neg', 'f64.ceil', 'f64.floor', 'f64.trunc', 'f64.nearest', 'f64.sqrt']),
  ...run('f64 f64', 'f64', 0xa0, ['f64.add', 'f64.sub', 'f64.mul', 'f64.div', 'f64.min', 'f64.max', 'f64.copysign']),
  ...run('i64', 'i32', 0xa7, ['i32.wrap_i64']),
  ...run('i32', 'i64', 0xac, ['i64.extend_i32_s', 'i64.extend_i32_u']),
  ...run('i32', 'f32', 0xb2, ['f32.convert_i32_s', 'f32.convert_i32_u']),
  ...run('f64', 'f32', 0xb6, ['f32.demote_f64']),
  ...run('i32', 'f64', 0xb7, ['f64.convert_i32_s', 'f64.convert_i32_u']),
  ...run('f32', 'f64', 0xbb, ['f64.promote_f32']),
  ...run('f32', 'i32', 0xbc, ['i32.reinterpret_f32']),
  ...run('f64', 'i64', 0xbd, ['i64.reinterpret_f64']),
  ...run('i32', 'f32', 0xbe, ['f32.reinterpret_i32']),
  ...run('i64', 'f64', 0xbf, ['f64.reinterpret_i64']),
  ...run('f32', 'i32', 0xfc000, ['i32.trunc_sat_f32_s', 'i32.trunc_sat_f32_u']),
  ...run('f64', 'i32', 0xfc002, ['i32.trunc_sat_f64_s', 'i32.trunc_sat_f64_u']),
} as const

/** Vector instructions without immediates, of 32 and 64 bit lanes. */
const vector = {
  ...run(vv, v, 0xfd00e, ['i8x16.swizzle']),
  ...run('i32', v, 0xfd011, ['i32x4.splat']),
  ...run('i64', v, 0xfd012, ['i64x2.splat']),
  ...run('f32', v, 0xfd013, ['f32x4.splat']),
  ...run('f64', v, 0xfd014, ['f64x2.splat']),
  ...run(vv, v, 0xfd037, ['i32x4.eq', 'i32x4.ne', 'i32x4.lt_s', 'i32x4.lt_u', 'i32x4.gt_s', 'i32x4.gt_u']),
  ...run(vv, v, 0xfd03d, ['i32x4.le_s', 'i32x4.le_u', 'i32x4.ge_s', 'i32x4.ge_u']),
  ...run(vv, v, 0xfd041, ['f32x4.eq', 'f32x4.ne', 'f32x4.lt', 'f32x4.gt', 'f32x4.le', 'f32x4.ge']),
  ...run(vv, v, 0xfd047, ['f64x2.eq', 'f64x2.ne', 'f64x2.lt', 'f64x2.gt', 'f64x2.le', 'f64x2.ge']),
  ...run(v, v, 0xfd04d, ['v128.not']),
  ...run(vv, v, 0xfd04e, ['v128.and', 'v128.andnot', 'v128.or', 'v128.xor']),
  ...run(vvv, v, 0xfd052, ['v128.bitselect']),
  ...run(v, 'i32', 0xfd053, ['v128.any_true']),
  ...run(v, v, 0xfd05e, ['f32x4.demote_f64x2_zero', 'f64x2.promote_low_f32x4']),
  ...run(v, v, 0xfd067, ['f32x4.ceil', 'f32x4.floor', 'f32x4.trunc', 'f32x4.nearest']),
  ...run(v, v, 0xfd074, ['f64x2.ceil', 'f64x2.floor']),
  ...run(v, v, 0xfd07a, ['f64x2.trunc']),
  ...run(v, v, 0xfd094, ['f64x2.nearest']),
  ...run(v, v, 0xfd0a0, ['i32x4.abs', 'i32x4.neg']),
  ...run(v, v, 0xfd0a9, ['i32x4.extend_low_i16x8_u', 'i32x4.extend_high_i16x8_u']),
  ...run(v, 'i32', 0xfd0a3, ['i32x4.all_true', 'i32x4.bitmask']),
  ...run('v128 i32', v, 0xfd0ab, ['i32x4.shl', 'i32x4.shr_s', 'i32x4.shr_u']),
  ...run(vv, v, 0xfd0ae, ['i32x4.add', '-', '-', 'i32x4.sub', '-', '-', '-', 'i32x4.mul']),
  ...run(vv, v, 0xfd0b6, ['i32x4.min_s', 'i32x4.min_u', 'i32x4.max_s', 'i32x4.max_u']),
  ...run(v, v, 0xfd0c0, ['i64x2.abs', 'i64x2.neg']),
  ...run(v, 'i32', 0xfd0c3, ['i64x2.all_true', 'i64x2.bitmask']),
  ...run(v, v, 0xfd0c7, ['i64x2.extend_low_i32x4_s', 'i64x2.extend_high_i32x4_s', 'i64x2.extend_low_i32x4_u', 'i64x2.extend_high_i32x4_u']),
  ...run('v128 i32', v, 0xfd0cb, ['i64x2.shl', 'i64x2.shr_s', 'i64x2.shr_u']),
  ...run(vv, v, 0xfd0ce, ['i64x2.add', '-', '-', 'i64x2.sub', '-', '-', '-', 'i64x2.mul']),
  ...run(vv, v, 0xfd0d6, ['i64x2.eq', 'i64x2.ne', 'i64x2.lt_s', 'i64x2.gt_s', 'i64x2.le_s', 'i64x2.ge_s']),
  ...run(v, v, 0xfd0e0, ['f32x4.abs', 'f32x4.neg', '-', 'f32x4.sqrt']),
  ...run(vv, v, 0xfd0e4, ['f32x4.add', 'f32x4.sub', 'f32x4.mul', 'f32x4.div', 'f32x4.min', 'f32x4.max', 'f32x4.pmin', 'f32x4.pmax']),
  ...run(v, v, 0xfd0ec, ['f64x2.abs', 'f64x2.neg', '-', 'f64x2.sqrt']),
  ...run(vv, v, 0xfd0f0, ['f64x2.add', 'f64x2.sub', 'f64x2.mul', 'f64x2.div', 'f64x2.min', 'f64x2.max', 'f64x2.pmin', 'f64x2.pmax']),
  ...run(v, v, 0xfd0f8, ['i32x4.trunc_sat_f32x4_s', 'i32x4.trunc_sat_f32x4_u', 'f32x4.convert_i32x4_s', 'f32x4.convert_i32x4_u']),
  ...run(v, v, 0xfd0fc, ['i32x4.trunc_sat_f64x2_s_zero', 'i32x4.trunc_sat_f64x2_u_zero']),
  ...run(v, v, 0xfd0fe, ['f64x2.convert_low_i32x4_s', 'f64x2.convert_low_i32x4_u']),
} as const

/** Relaxed vector instructions: their result may differ from host to host, so they are for `fastMath` only. */
const relaxed = {
  ...run(v, v, 0xfd101, ['i32x4.relaxed_trunc_f32x4_s', 'i32x4.relaxed_trunc_f32x4_u']),
  ...run(vvv, v, 0xfd105, ['f32x4.relaxed_madd', 'f32x4.relaxed_nmadd', 'f64x2.relaxed_madd', 'f64x2.relaxed_nmadd']),
  ...run(vvv, v, 0xfd10b, ['i32x4.relaxed_laneselect']),
  ...run(vv, v, 0xfd10d, ['f32x4.relaxed_min', 'f32x4.relaxed_max']),
} as const

/** Every instruction without immediates. */
export const plain = { ...scalar, ...vector, ...relaxed } as const
export type OpName = keyof typeof plain

export const relaxedNames = Object.keys(relaxed) as readonly (keyof typeof relaxed)[]

export const loads = {
  ...memory('i32', 'i32', { 'i32.load': [0x28, 4], 'i32.load8_s': [0x2c, 1], 'i32.load8_u': [0x2d, 1], 'i32.load16_s': [0x2e, 2] }),
  ...memory('i32', 'i32', { 'i32.load16_u': [0x2f, 2] }),
  ...memory('i32', 'i64', { 'i64.load': [0x29, 8] }),
  ...memory('i32', 'f32', { 'f32.load': [0x2a, 4] }),
  ...memory('i32', 'f64', { 'f64.load': [0x2b, 8] }),
  ...memory('i32', v, { 'v128.load': [0xfd000, 16], 'v128.load8x8_u': [0xfd002, 8], 'v128.load16x4_u': [0xfd004, 8] }),
  ...memory('i32', v, { 'v128.load32_splat': [0xfd009, 4], 'v128.load64_splat': [0xfd00a, 8] }),
  ...memory('i32', v, { 'v128.load32_zero': [0xfd05c, 4], 'v128.load64_zero': [0xfd05d, 8] }),
} as const
export type LoadName = keyof typeof loads

export const stores = {
  ...memory('i32 i32', '', { 'i32.store': [0x36, 4], 'i32.store8': [0x3a, 1], 'i32.store16': [0x3b, 2] }),
  ...memory('i32 i64', '', { 'i64.store': [0x37, 8] }),
  ...memory('i32 f32', '', { 'f32.store': [0x38, 4] }),
  ...memory('i32 f64', '', { 'f64.store': [0x39, 8] }),
  ...memory('i32 v128', '', { 'v128.store': [0xfd00b, 16] }),
} as const
export type StoreName = keyof typeof stores

export const laneLoads = memory('i32 v128', v, { 'v128.load32_lane': [0xfd056, 4], 'v128.load64_lane': [0xfd057, 8] })
export type LaneLoadName = keyof typeof laneLoads

export const laneStores = memory('i32 v128', '', { 'v128.store32_lane': [0xfd05a, 4], 'v128.store64_lane': [0xfd05b, 8] })
export type LaneStoreName = keyof typeof laneStores

/** Atomics: the address must be a multiple of the width. A shared memory is not needed, except for `wait32`. */
export const atomics = {
  ...memory('i32 i32', 'i32', {
    'memory.atomic.notify': [0xfe000, 4],
    'i32.atomic.rmw.add': [0xfe01e, 4],
    'i32.atomic.rmw.sub': [0xfe025, 4],
  }),
  ...memory('i32 i32', 'i32', {
    'i32.atomic.rmw.and': [0xfe02c, 4],
    'i32.atomic.rmw.or': [0xfe033, 4],
    'i32.atomic.rmw.xor': [0xfe03a, 4],
  }),
  ...memory('i32 i32', 'i32', { 'i32.atomic.rmw.xchg': [0xfe041, 4] }),
  ...memory('i32 i32 i32', 'i32', { 'i32.atomic.rmw.cmpxchg': [0xfe048, 4] }),
  ...memory('i32 i32 i64', 'i32', { 'memory.atomic.wait32': [0xfe001, 4] }),
  ...memory('i32', 'i32', { 'i32.atomic.load': [0xfe010, 4] }),
  ...memory('i32 i32', '', { 'i32.atomic.store': [0xfe017, 4] }),
} as const
export type AtomicName = keyof typeof atomics

export const extracts = {
  'i32x4.extract_lane': lane(0xfd01b, v, 'i32', 4),
  'i64x2.extract_lane': lane(0xfd01d, v, 'i64', 2),
  'f32x4.extract_lane': lane(0xfd01f, v, 'f32', 4),
  'f64x2.extract_lane': lane(0xfd021, v, 'f64', 2),
} as const
export type ExtractName = keyof typeof extracts

export const replaces = {
  'i32x4.replace_lane': lane(0xfd01c, 'v128 i32', v, 4),
  'i64x2.replace_lane': lane(0xfd01e, 'v128 i64', v, 2),
  'f32x4.replace_lane': lane(0xfd020, 'v128 f32', v, 4),
  'f64x2.replace_lane': lane(0xfd022, 'v128 f64', v, 2),
} as const
export type ReplaceName = keyof typeof replaces

/** Whole-memory instructions, whose memory indices are zero bytes. */
export const bulk = {
  'memory.fill': { ...instruction(0xfc00b, 'i32 i32 i32', ''), zeros: 1 },
  'memory.copy': { ...instruction(0xfc00a, 'i32 i32 i32', ''), zeros: 2 },
  'atomic.fence': { ...instruction(0xfe003, '', ''), zeros: 1 },
} as const
export type BulkName = keyof typeof bulk

/** Instructions with an encoding of their own. */
export const control = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  br_if: 0x0d,
  return: 0x0f,
  call: 0x10,
  drop: 0x1a,
  select: 0x1b,
  'local.get': 0x20,
  'local.set': 0x21,
  'local.tee': 0x22,
  'i32.const': 0x41,
  'i64.const': 0x42,
  'f32.const': 0x43,
  'f64.const': 0x44,
  'v128.const': 0xfd00c,
  'i8x16.shuffle': 0xfd00d,
} as const
export type ControlName = keyof typeof control
