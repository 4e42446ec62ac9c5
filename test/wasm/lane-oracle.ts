/** What every instruction without immediates computes, in JavaScript: a total table over their names. */
import type { OpName } from '../../src/wasm/assembler/opcodes.ts'

/** Sixteen bytes an operand, whatever its type. */
export type Oracle = (...operands: readonly DataView[]) => DataView

type Kind = 'u16' | 'i32' | 'u32' | 'i64' | 'u64' | 'f32' | 'f64'
type Numeric = number | bigint

const widths: { readonly [K in Kind]: number } = { u16: 2, i32: 4, u32: 4, i64: 8, u64: 8, f32: 4, f64: 8 }
const read: { readonly [K in Kind]: (view: DataView, at: number) => Numeric } = {
  u16: (view, at) => view.getUint16(at, true),
  i32: (view, at) => view.getInt32(at, true),
  u32: (view, at) => view.getUint32(at, true),
  i64: (view, at) => view.getBigInt64(at, true),
  u64: (view, at) => view.getBigUint64(at, true),
  f32: (view, at) => view.getFloat32(at, true),
  f64: (view, at) => view.getFloat64(at, true),
}
const write: { readonly [K in Kind]: (view: DataView, at: number, value: Numeric) => void } = {
  u16: (view, at, value) => view.setUint16(at, Number(value), true),
  i32: (view, at, value) => view.setInt32(at, Number(value), true),
  u32: (view, at, value) => view.setUint32(at, Number(value), true),
  i64: (view, at, value) => view.setBigInt64(at, BigInt.asIntN(64, BigInt(value)), true),
  u64: (view, at, value) => view.setBigUint64(at, BigInt.asUintN(64, BigInt(value)), true),
  f32: (view, at, value) => view.setFloat32(at, Number(value), true),
  f64: (view, at, value) => view.setFloat64(at, Number(value), true),
}

const vector = (fill: (out: DataView) => void): DataView => {
  const out = new DataView(new ArrayBuffer(16))
  fill(out)
  return out
}

// biome-ignore lint/suspicious/noExplicitAny: an oracle takes numbers or bigints as its kind says.
type Apply = (...values: any[]) => Numeric | boolean

/** Lane i of the result from lane i of the operands, as many as both have. */
const lanes =
  (from: Kind, to: Kind, count: number, apply: Apply): Oracle =>
  (...operands) =>
    vector((out) => {
      for (let i = 0; i < count; i++) {
        const result = apply(...operands.map((operand) => read[from](operand, i * widths[from])))
        write[to](out, i * widths[to], typeof result === 'boolean' ? Number(result) : result)
      }
    })

const scalar = (kind: Kind, apply: Apply): Oracle => lanes(kind, kind, 1, apply)
const compare = (kind: Kind, apply: Apply): Oracle => lanes(kind, 'i32', 1, apply)
const four = (kind: Kind, apply: Apply): Oracle => lanes(kind, kind, 4, apply)
const two = (kind: Kind, apply: Apply): Oracle => lanes(kind, kind, 2, apply)
/** All bits of a lane where it holds. */
const mask4 = (kind: Kind, apply: Apply): Oracle => lanes(kind, 'i32', 4, (...values) => (apply(...values) ? -1 : 0))
const mask2 = (kind: Kind, apply: Apply): Oracle => lanes(kind, 'i64', 2, (...values) => (apply(...values) ? -1n : 0n))
const bits = (apply: Apply): Oracle => lanes('u64', 'u64', 2, apply)
const splat =
  (kind: Kind): Oracle =>
  (x) =>
    vector((out) => {
      for (let at = 0; at < 16; at += widths[kind]) write[kind](out, at, read[kind](x as DataView, 0))
    })
const shift =
  (kind: Kind, apply: Apply): Oracle =>
  (x, count) =>
    (widths[kind] === 4 ? four : two)(kind, (value) => apply(value, (count as DataView).getInt32(0, true) & (8 * widths[kind] - 1)))(
      x as DataView,
    )
const reduce =
  (kind: Kind, apply: (values: readonly Numeric[]) => number): Oracle =>
  (x) =>
    vector((out) => {
      const count = 16 / widths[kind]
      write.i32(out, 0, apply(Array.from({ length: count }, (_, i) => read[kind](x as DataView, i * widths[kind]))))
    })
/** Two lanes from the upper half. */
const high =
  (from: Kind, to: Kind, count = 2): Oracle =>
  (x) =>
    lanes(from, to, count, (value) => value)(new DataView((x as DataView).buffer, 8))

const nearest = (x: number): number => {
  if (!Number.isFinite(x) || Math.abs(x) >= 2 ** 52) return x
  const floor = Math.floor(x)
  const rounded = x - floor < 0.5 || (x - floor === 0.5 && floor % 2 === 0) ? floor : floor + 1
  return rounded === 0 && (x < 0 || Object.is(x, -0)) ? -0 : rounded
}
const minimum = (x: number, y: number): number => Math.min(x, y)
const maximum = (x: number, y: number): number => Math.max(x, y)
const saturate =
  (low: number, high: number) =>
  (x: number): number =>
    Number.isNaN(x) ? 0 : Math.min(high, Math.max(low, Math.trunc(x)))
const signed = saturate(-(2 ** 31), 2 ** 31 - 1)
const unsigned = saturate(0, 2 ** 32 - 1)
const rotate = (x: number, count: number): number => (x << (count & 31)) | (x >>> (-count & 31))
const rotate64 = (x: bigint, count: bigint): bigint => (x << (count & 63n)) | (x >> (-count & 63n))
const copysign = (x: number, y: number): number => (y < 0 || Object.is(y, -0) ? -Math.abs(x) : Math.abs(x))
const bitmask = (values: readonly Numeric[]): number => values.reduce<number>((mask, value, i) => mask | (value < 0 ? 1 << i : 0), 0)
const all = (values: readonly Numeric[]): number => Number(values.every((value) => Number(value) !== 0))
const popcount = (x: number): number => x.toString(2).replaceAll('0', '').length

const eq: Apply = (x, y) => x === y
const ne: Apply = (x, y) => x !== y
const lt: Apply = (x, y) => x < y
const gt: Apply = (x, y) => x > y
const le: Apply = (x, y) => x <= y
const ge: Apply = (x, y) => x >= y
const add: Apply = (x, y) => x + y
const sub: Apply = (x, y) => x - y
const mul: Apply = (x, y) => x * y
const and: Apply = (x, y) => x & y
const or: Apply = (x, y) => x | y
const xor: Apply = (x, y) => x ^ y
const same: Apply = (x) => x
const neg: Apply = (x) => -x
const abs: Apply = (x) => (x < 0 || Object.is(x, -0) ? -x : x)
// biome-ignore lint/complexity/useMathMinMax: the first operand where they do not compare.
const pmin: Apply = (x, y) => (y < x ? y : x)
// biome-ignore lint/complexity/useMathMinMax: as above.
const pmax: Apply = (x, y) => (x < y ? y : x)

export const oracles: { readonly [O in OpName]: Oracle } = {
  'i32.eqz': compare('i32', (x) => x === 0),
  'i32.eq': compare('i32', eq),
  'i32.ne': compare('i32', ne),
  'i32.lt_s': compare('i32', lt),
  'i32.lt_u': compare('u32', lt),
  'i32.gt_s': compare('i32', gt),
  'i32.gt_u': compare('u32', gt),
  'i32.le_s': compare('i32', le),
  'i32.le_u': compare('u32', le),
  'i32.ge_s': compare('i32', ge),
  'i32.ge_u': compare('u32', ge),
  'i64.eqz': compare('i64', (x) => x === 0n),
  'i64.eq': compare('i64', eq),
  'i64.ne': compare('i64', ne),
  'i64.lt_s': compare('i64', lt),
  'i64.lt_u': compare('u64', lt),
  'i64.gt_s': compare('i64', gt),
  'i64.gt_u': compare('u64', gt),
  'i64.le_s': compare('i64', le),
  'i64.le_u': compare('u64', le),
  'i64.ge_s': compare('i64', ge),
  'i64.ge_u': compare('u64', ge),
  'f32.eq': compare('f32', eq),
  'f32.ne': compare('f32', ne),
  'f32.lt': compare('f32', lt),
  'f32.gt': compare('f32', gt),
  'f32.le': compare('f32', le),
  'f32.ge': compare('f32', ge),
  'f64.eq': compare('f64', eq),
  'f64.ne': compare('f64', ne),
  'f64.lt': compare('f64', lt),
  'f64.gt': compare('f64', gt),
  'f64.le': compare('f64', le),
  'f64.ge': compare('f64', ge),
  'i32.clz': scalar('u32', Math.clz32),
  'i32.ctz': scalar('i32', (x) => (x === 0 ? 32 : 31 - Math.clz32(x & -x))),
  'i32.popcnt': scalar('u32', popcount),
  'i32.add': scalar('i32', add),
  'i32.sub': scalar('i32', sub),
  'i32.mul': scalar('i32', Math.imul),
  'i32.div_s': scalar('i32', (x, y) => Math.trunc(x / y)),
  'i32.div_u': scalar('u32', (x, y) => Math.trunc(x / y)),
  'i32.rem_s': scalar('i32', (x, y) => x % y),
  'i32.rem_u': scalar('u32', (x, y) => x % y),
  'i32.and': scalar('i32', and),
  'i32.or': scalar('i32', or),
  'i32.xor': scalar('i32', xor),
  'i32.shl': scalar('i32', (x, y) => x << y),
  'i32.shr_s': scalar('i32', (x, y) => x >> y),
  'i32.shr_u': scalar('i32', (x, y) => x >>> y),
  'i32.rotl': scalar('i32', rotate),
  'i32.rotr': scalar('i32', (x, y) => rotate(x, -y)),
  'i64.add': scalar('i64', add),
  'i64.sub': scalar('i64', sub),
  'i64.mul': scalar('i64', mul),
  'i64.and': scalar('i64', and),
  'i64.or': scalar('i64', or),
  'i64.xor': scalar('i64', xor),
  'i64.shl': scalar('i64', (x, y) => x << (y & 63n)),
  'i64.shr_s': scalar('i64', (x, y) => x >> (y & 63n)),
  'i64.shr_u': scalar('u64', (x, y) => x >> (y & 63n)),
  'i64.rotl': scalar('u64', rotate64),
  'i64.rotr': scalar('u64', (x: bigint, y: bigint) => rotate64(x, -y)),
  'f32.abs': scalar('f32', abs),
  'f32.neg': scalar('f32', neg),
  'f32.ceil': scalar('f32', Math.ceil),
  'f32.floor': scalar('f32', Math.floor),
  'f32.trunc': scalar('f32', Math.trunc),
  'f32.nearest': scalar('f32', nearest),
  'f32.sqrt': scalar('f32', Math.sqrt),
  'f32.add': scalar('f32', add),
  'f32.sub': scalar('f32', sub),
  'f32.mul': scalar('f32', mul),
  'f32.div': scalar('f32', (x, y) => x / y),
  'f32.min': scalar('f32', minimum),
  'f32.max': scalar('f32', maximum),
  'f32.copysign': scalar('f32', copysign),
  'f64.abs': scalar('f64', abs),
  'f64.neg': scalar('f64', neg),
  'f64.ceil': scalar('f64', Math.ceil),
  'f64.floor': scalar('f64', Math.floor),
  'f64.trunc': scalar('f64', Math.trunc),
  'f64.nearest': scalar('f64', nearest),
  'f64.sqrt': scalar('f64', Math.sqrt),
  'f64.add': scalar('f64', add),
  'f64.sub': scalar('f64', sub),
  'f64.mul': scalar('f64', mul),
  'f64.div': scalar('f64', (x, y) => x / y),
  'f64.min': scalar('f64', minimum),
  'f64.max': scalar('f64', maximum),
  'f64.copysign': scalar('f64', copysign),
  'i32.wrap_i64': lanes('i64', 'i32', 1, (x) => BigInt.asIntN(32, x)),
  'i64.extend_i32_s': lanes('i32', 'i64', 1, same),
  'i64.extend_i32_u': lanes('u32', 'i64', 1, same),
  'f32.convert_i32_s': lanes('i32', 'f32', 1, same),
  'f32.convert_i32_u': lanes('u32', 'f32', 1, same),
  'f32.demote_f64': lanes('f64', 'f32', 1, same),
  'f64.convert_i32_s': lanes('i32', 'f64', 1, same),
  'f64.convert_i32_u': lanes('u32', 'f64', 1, same),
  'f64.promote_f32': lanes('f32', 'f64', 1, same),
  'i32.reinterpret_f32': lanes('i32', 'i32', 1, same),
  'i64.reinterpret_f64': lanes('i64', 'i64', 1, same),
  'f32.reinterpret_i32': lanes('i32', 'i32', 1, same),
  'f64.reinterpret_i64': lanes('i64', 'i64', 1, same),
  'i32.trunc_sat_f32_s': lanes('f32', 'i32', 1, signed),
  'i32.trunc_sat_f32_u': lanes('f32', 'u32', 1, unsigned),
  'i32.trunc_sat_f64_s': lanes('f64', 'i32', 1, signed),
  'i32.trunc_sat_f64_u': lanes('f64', 'u32', 1, unsigned),
  'i8x16.swizzle': (x, indices) =>
    vector((out) => {
      for (let i = 0; i < 16; i++) {
        const index = (indices as DataView).getUint8(i)
        out.setUint8(i, index < 16 ? (x as DataView).getUint8(index) : 0)
      }
    }),
  'i32x4.splat': splat('i32'),
  'i64x2.splat': splat('i64'),
  'f32x4.splat': splat('f32'),
  'f64x2.splat': splat('f64'),
  'i32x4.eq': mask4('i32', eq),
  'i32x4.ne': mask4('i32', ne),
  'i32x4.lt_s': mask4('i32', lt),
  'i32x4.lt_u': mask4('u32', lt),
  'i32x4.gt_s': mask4('i32', gt),
  'i32x4.gt_u': mask4('u32', gt),
  'i32x4.le_s': mask4('i32', le),
  'i32x4.le_u': mask4('u32', le),
  'i32x4.ge_s': mask4('i32', ge),
  'i32x4.ge_u': mask4('u32', ge),
  'f32x4.eq': mask4('f32', eq),
  'f32x4.ne': mask4('f32', ne),
  'f32x4.lt': mask4('f32', lt),
  'f32x4.gt': mask4('f32', gt),
  'f32x4.le': mask4('f32', le),
  'f32x4.ge': mask4('f32', ge),
  'f64x2.eq': mask2('f64', eq),
  'f64x2.ne': mask2('f64', ne),
  'f64x2.lt': mask2('f64', lt),
  'f64x2.gt': mask2('f64', gt),
  'f64x2.le': mask2('f64', le),
  'f64x2.ge': mask2('f64', ge),
  'v128.not': bits((x) => ~x),
  'v128.and': bits(and),
  'v128.andnot': bits((x, y) => x & ~y),
  'v128.or': bits(or),
  'v128.xor': bits(xor),
  'v128.bitselect': bits((x, y, mask) => (x & mask) | (y & ~mask)),
  'v128.any_true': reduce('u64', (values) => Number(values.some((value) => value !== 0n))),
  'f32x4.demote_f64x2_zero': lanes('f64', 'f32', 2, same),
  'f64x2.promote_low_f32x4': lanes('f32', 'f64', 2, same),
  'f32x4.ceil': four('f32', Math.ceil),
  'f32x4.floor': four('f32', Math.floor),
  'f32x4.trunc': four('f32', Math.trunc),
  'f32x4.nearest': four('f32', nearest),
  'f64x2.ceil': two('f64', Math.ceil),
  'f64x2.floor': two('f64', Math.floor),
  'f64x2.trunc': two('f64', Math.trunc),
  'f64x2.nearest': two('f64', nearest),
  'i32x4.abs': four('i32', abs),
  'i32x4.neg': four('i32', neg),
  'i32x4.all_true': reduce('i32', all),
  'i32x4.bitmask': reduce('i32', bitmask),
  'i32x4.shl': shift('i32', (x, y) => x << y),
  'i32x4.shr_s': shift('i32', (x, y) => x >> y),
  'i32x4.shr_u': shift('i32', (x, y) => x >>> y),
  'i32x4.add': four('i32', add),
  'i32x4.sub': four('i32', sub),
  'i32x4.mul': four('i32', Math.imul),
  'i32x4.min_s': four('i32', pmin),
  'i32x4.min_u': four('u32', pmin),
  'i32x4.max_s': four('i32', pmax),
  'i32x4.max_u': four('u32', pmax),
  'i64x2.abs': two('i64', abs),
  'i64x2.neg': two('i64', neg),
  'i64x2.all_true': reduce('i64', all),
  'i64x2.bitmask': reduce('i64', bitmask),
  'i32x4.extend_low_i16x8_u': lanes('u16', 'i32', 4, same),
  'i32x4.extend_high_i16x8_u': high('u16', 'i32', 4),
  'i64x2.extend_low_i32x4_s': lanes('i32', 'i64', 2, same),
  'i64x2.extend_high_i32x4_s': high('i32', 'i64'),
  'i64x2.extend_low_i32x4_u': lanes('u32', 'i64', 2, same),
  'i64x2.extend_high_i32x4_u': high('u32', 'i64'),
  'i64x2.shl': shift('i64', (x, y) => x << BigInt(y)),
  'i64x2.shr_s': shift('i64', (x, y) => x >> BigInt(y)),
  'i64x2.shr_u': shift('u64', (x, y) => x >> BigInt(y)),
  'i64x2.add': two('i64', add),
  'i64x2.sub': two('i64', sub),
  'i64x2.mul': two('i64', mul),
  'i64x2.eq': mask2('i64', eq),
  'i64x2.ne': mask2('i64', ne),
  'i64x2.lt_s': mask2('i64', lt),
  'i64x2.gt_s': mask2('i64', gt),
  'i64x2.le_s': mask2('i64', le),
  'i64x2.ge_s': mask2('i64', ge),
  'f32x4.abs': four('f32', abs),
  'f32x4.neg': four('f32', neg),
  'f32x4.sqrt': four('f32', Math.sqrt),
  'f32x4.add': four('f32', add),
  'f32x4.sub': four('f32', sub),
  'f32x4.mul': four('f32', mul),
  'f32x4.div': four('f32', (x, y) => x / y),
  'f32x4.min': four('f32', minimum),
  'f32x4.max': four('f32', maximum),
  'f32x4.pmin': four('f32', pmin),
  'f32x4.pmax': four('f32', pmax),
  'f64x2.abs': two('f64', abs),
  'f64x2.neg': two('f64', neg),
  'f64x2.sqrt': two('f64', Math.sqrt),
  'f64x2.add': two('f64', add),
  'f64x2.sub': two('f64', sub),
  'f64x2.mul': two('f64', mul),
  'f64x2.div': two('f64', (x, y) => x / y),
  'f64x2.min': two('f64', minimum),
  'f64x2.max': two('f64', maximum),
  'f64x2.pmin': two('f64', pmin),
  'f64x2.pmax': two('f64', pmax),
  'i32x4.trunc_sat_f32x4_s': lanes('f32', 'i32', 4, signed),
  'i32x4.trunc_sat_f32x4_u': lanes('f32', 'u32', 4, unsigned),
  'f32x4.convert_i32x4_s': lanes('i32', 'f32', 4, same),
  'f32x4.convert_i32x4_u': lanes('u32', 'f32', 4, same),
  'i32x4.trunc_sat_f64x2_s_zero': lanes('f64', 'i32', 2, signed),
  'i32x4.trunc_sat_f64x2_u_zero': lanes('f64', 'u32', 2, unsigned),
  'f64x2.convert_low_i32x4_s': lanes('i32', 'f64', 2, same),
  'f64x2.convert_low_i32x4_u': lanes('u32', 'f64', 2, same),
  'i32x4.relaxed_trunc_f32x4_s': lanes('f32', 'i32', 4, signed),
  'i32x4.relaxed_trunc_f32x4_u': lanes('f32', 'u32', 4, unsigned),
  'f32x4.relaxed_madd': four('f32', (x, y, z) => x * y + z),
  'f32x4.relaxed_nmadd': four('f32', (x, y, z) => -(x * y) + z),
  'f64x2.relaxed_madd': two('f64', (x, y, z) => x * y + z),
  'f64x2.relaxed_nmadd': two('f64', (x, y, z) => -(x * y) + z),
  'i32x4.relaxed_laneselect': lanes('i32', 'i32', 4, (x, y, mask) => (x & mask) | (y & ~mask)),
  'f32x4.relaxed_min': four('f32', minimum),
  'f32x4.relaxed_max': four('f32', maximum),
}
