/** The library as files name it: public functions, called without their types. */
import type { Node } from '../../src/graph/node.ts'
import * as shapewright from '../../src/index.ts'
import type { Nodes } from './experiment.ts'
import { type Fields, Skip } from './golden.ts'

/** A public function. The shapes of a file are unknown to the compiler, so it is called without its types. */
export type Loose = (...args: readonly unknown[]) => unknown
const names: Readonly<Record<string, unknown>> = shapewright

/** The public function of this name. */
export const library = (name: string): Loose => {
  const found = Object.hasOwn(names, name) ? names[name] : undefined
  if (typeof found !== 'function') throw new Skip(`not in the library yet: ${name}`)
  return found as Loose
}
/** `call('sum', axis)(x)` */
export const call = (name: string, ...args: readonly unknown[]): Loose => library(name)(...args) as Loose

/** What a name of the file means: the value, from inputs and attributes. */
export type Convention = (name: string, inputs: Nodes, attributes: Fields) => unknown

export const input = (inputs: Nodes, name: string): Node => {
  const found = inputs[name]
  if (found === undefined) throw new Skip(`it has no input '${name}'`)
  return found
}
