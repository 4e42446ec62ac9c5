/** The space of a search: a codec of io-ts of which every part can be drawn. */
import type * as t from 'io-ts'
import { type Say, say } from './say.ts'
import type { IsUnion } from './size.ts'

declare const DIMENSION: unique symbol

const notDrawn = 'search: {path} of the space is drawn by nothing; write uniformIn, logUniform, wholeIn or oneOfValues'
const severalNotDrawn = 'search: several parts of the space are drawn by nothing; write uniformIn, logUniform, wholeIn or oneOfValues'
const noRecord = 'search: a space is a record, as t.type({ learningRate: logUniform(1e-4, 1e-1) })'

/** A codec of io-ts for one value of a configuration, from which a value can be drawn. */
export interface Dimension<in out A> extends t.Type<A, A, unknown> {
  readonly [DIMENSION]: A
}

/** The space, or the message. */
export type SpaceGiven<S> = SpaceFault<S> extends infer E extends string ? E : S
type SpaceFault<S> =
  PropsOf<S> extends infer Props
    ? [Props] extends [never]
      ? typeof noRecord
      : Faults<Props, ''> extends infer Paths
        ? [Paths] extends [never]
          ? null
          : true extends IsUnion<Paths>
            ? typeof severalNotDrawn
            : Say<typeof notDrawn, { path: Paths }>
        : never
    : never
/** The parts of a record; `never` for what is none. */
type PropsOf<S> = 0 extends 1 & S
  ? Record<never, never>
  : S extends t.TypeC<infer P>
    ? P
    : S extends t.ExactC<infer T> | t.ReadonlyC<infer T>
      ? PropsOf<T>
      : never
/** The paths of what can't be drawn. */
type Faults<Props, Path extends string> = { [K in keyof Props]: PartFault<Props[K], `${Path}${K & string}`> }[keyof Props]
type PartFault<C, Path extends string> = C extends Dimension<infer _> | t.LiteralC<infer _>
  ? never
  : [PropsOf<C>] extends [never]
    ? Path
    : Faults<PropsOf<C>, `${Path}.`>

export const notDrawnMessage = (paths: readonly string[]): string | null =>
  paths.length === 0 ? null : paths.length > 1 ? severalNotDrawn : say(notDrawn, { path: paths[0] })
export { noRecord as noSpace }
