/** The type of what `op(y)` gives, where `op(x, y)` gives a tensor. */

/**
 * F, a function, by a condition that every call resolves: Y is a type parameter of `op(y)` that nothing infers, `unknown`. A compiler
 * does not look at a nested call at first when one of its signatures gives a function, so that `{ w: mul(g, 0.1) }` would seem
 * to hold nothing, and be refused; behind a condition it sees no function there, and looks.
 */
export type Seen<Y, F> = unknown extends Y ? F : null
