/** Inputs that once failed, by reader: every campaign begins with them. */

export const found: readonly { readonly name: string; readonly why: string; readonly hex: string }[] = []
