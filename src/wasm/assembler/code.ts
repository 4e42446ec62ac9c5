/** The surface of one function being emitted: every method appends instructions and gives the same code back. */
import type { Local } from './locals.ts'
import type {
  AtomicName,
  BulkName,
  ExtractName,
  LaneLoadName,
  LaneStoreName,
  LoadName,
  OpName,
  ReplaceName,
  StoreName,
  ValueType,
} from './opcodes.ts'

/** A function of the module. */
export interface Func {
  readonly name: string
  readonly index: number
  readonly params: readonly ValueType[]
  readonly results: readonly ValueType[]
}

export interface Code {
  readonly params: readonly Local[]
  /** A fresh or a reused local; its old value is unspecified. */
  local(type: ValueType, name?: string): Local
  /** Gives locals back for reuse. Using one afterwards is an error. */
  release(...locals: readonly Local[]): void

  get(local: Local): Code
  set(local: Local): Code
  tee(local: Local): Code

  i32(value: number): Code
  /** A constant within 32 bits. */
  i64(value: number): Code
  f32(value: number): Code
  f64(value: number): Code
  /** Four f32 lanes; one value fills all four. */
  v128f(a: number, b?: number, c?: number, d?: number): Code
  /** Four i32 lanes; one value fills all four. */
  v128i(a: number, b?: number, c?: number, d?: number): Code
  /** Two f64 lanes; one value fills both. */
  v128d(a: number, b?: number): Code

  /** Any instruction without immediates. */
  op(name: OpName): Code
  /** Takes an address. `align` is a hint in bytes: at most 4 unless said, since elements are floats at any offset. */
  load(name: LoadName, offset?: number, align?: number): Code
  /** Takes an address, then a value. */
  store(name: StoreName, offset?: number, align?: number): Code
  /** Takes an address, then the vector whose lane is replaced. */
  loadLane(name: LaneLoadName, lane: number, offset?: number): Code
  /** Takes an address, then the vector. */
  storeLane(name: LaneStoreName, lane: number, offset?: number): Code
  extractLane(name: ExtractName, lane: number): Code
  replaceLane(name: ReplaceName, lane: number): Code
  /** Lanes 0..3 are the first vector's, 4..7 the second's. */
  shuffle(lanes: readonly number[]): Code
  atomic(name: AtomicName, offset?: number): Code
  bulk(name: BulkName): Code

  /** Blocks take nothing from the stack and leave nothing. */
  block(body: () => void): Code
  loop(body: () => void): Code
  /** Takes a condition. */
  if(then: () => void, otherwise?: () => void): Code
  /** `counter` runs `from, from + step, ..` before `to`, at least once; one iteration emits no loop. No branch may leave the body. */
  for(counter: Local, from: number, to: number, step: number, body: () => void): Code
  /** While `counter`, which has a value, is below `to`: the body, then the next number. No branch may leave the body. */
  upTo(counter: Local, to: Local, body: () => void): Code
  br(depth: number): Code
  brIf(depth: number): Code
  return(): Code
  unreachable(): Code
  call(target: Func): Code
  drop(): Code
  /** x, y, condition -> x where the condition is not 0, else y. */
  select(): Code
}
