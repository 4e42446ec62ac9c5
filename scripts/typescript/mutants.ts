/** Ways to break a rule: small changes of its types and sentences, each of which some case of `test/types` must notice. */
import { Node, Project, type SourceFile, SyntaxKind, type TypeNode } from 'ts-morph'

export interface Mutant {
  /** Relative to the root. */
  readonly path: string
  /** The declaration that is broken. */
  readonly rule: string
  readonly line: number
  /** What is done, in a word. */
  readonly operator: string
  readonly from: string
  readonly to: string
  /** The file with the change. */
  readonly text: string
}
/** A file with rules: its top-level declarations that have mutants, and those mutants. */
export interface Broken {
  readonly path: string
  readonly rules: readonly string[]
  readonly mutants: readonly Mutant[]
}
interface Change {
  readonly node: Node
  readonly operator: string
  readonly to: string
}
type Operator = (node: Node) => readonly Change[]

/** All mutants of the files under these globs; files without rules are left out. */
export const readMutants = (root: string, globs: readonly string[]): readonly Broken[] => {
  const project = new Project({ skipAddingFilesFromTsConfig: true, skipFileDependencyResolution: true, compilerOptions: { noLib: true } })
  const files = project.addSourceFilesAtPaths(globs.map((glob) => `${root}/${glob}`))
  const spoken = files.flatMap((file) => file.getDescendantsOfKind(SyntaxKind.TypeQuery)).map((query) => query.getExprName().getText())
  return files
    .map((file) => brokenOf(file, file.getFilePath().slice(root.length + 1), new Set(spoken)))
    .filter(({ mutants }) => mutants.length > 0)
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

const brokenOf = (file: SourceFile, path: string, spoken: ReadonlySet<string>): Broken => {
  const declarations = file.getStatements().flatMap((statement) => declarationsOf(statement, spoken))
  const mutants = declarations.flatMap(({ name, node }) => changesOf(node).map((change) => mutantOf(change, file, path, name)))
  return { path, rules: [...new Set(mutants.map(({ rule }) => rule))], mutants }
}

/** Aliases and interfaces of `types/`; of other folders those that decide something; and the sentences that types say. */
const declarationsOf = (node: Node, spoken: ReadonlySet<string>): readonly { readonly name: string; readonly node: Node }[] => {
  if (Node.isTypeAliasDeclaration(node) || Node.isInterfaceDeclaration(node)) {
    const decides = isOfRules(node) || node.getDescendantsOfKind(SyntaxKind.ConditionalType).length > 0 || isRule(node)
    return decides ? [{ name: node.getName(), node }] : []
  }
  if (!Node.isVariableStatement(node)) return []
  return node
    .getDeclarations()
    .filter((each) => spoken.has(each.getName()))
    .map((declaration) => ({ name: declaration.getName(), node: declaration }))
}
const isOfRules = (node: Node): boolean => node.getSourceFile().getFilePath().includes('/types/')
/** An interface over `LayerFn`, `LossFn`, `OptimizerFn`, `OperationFn` */
const isRule = (node: Node): boolean =>
  Node.isInterfaceDeclaration(node) && node.getExtends().some((each) => /Fn$/.test(each.getExpression().getText()))

const mutantOf = ({ node, operator, to }: Change, file: SourceFile, path: string, rule: string): Mutant => {
  const text = file.getFullText()
  return {
    path,
    rule,
    line: node.getStartLineNumber(),
    operator,
    from: oneLine(node.getText()),
    to: oneLine(to),
    text: text.slice(0, node.getStart()) + to + text.slice(node.getEnd()),
  }
}
const oneLine = (text: string): string => text.replace(/\s+/g, ' ')

/** A table, and an alias that no operator touches, is replaced as a whole; of a constant, only its sentence. */
const changesOf = (declaration: Node): readonly Change[] => {
  if (Node.isVariableDeclaration(declaration)) return otherSentence(declaration)
  const whole = Node.isTypeAliasDeclaration(declaration) ? declaration.getTypeNode() : undefined
  const nodes = Node.isTypeLiteral(whole) ? [] : [declaration, ...declaration.getDescendants()]
  const changes = nodes.flatMap((node) => operators.flatMap((operator) => operator(node)))
  return changes.length === 0 && whole !== undefined ? [{ node: whole, operator: 'whole', to: 'never' }] : changes
}

/** `C ? X : Y` -> `Y` */
const neverHolds: Operator = (node) =>
  Node.isConditionalTypeNode(node) ? [{ node, operator: 'never holds', to: `(${node.getFalseType().getText()})` }] : []

/** `C ? X : Y` -> `X`, unless X speaks of what C infers; where Y is `never`, C only tells the compiler what it is sure of. */
const alwaysHolds: Operator = (node) => {
  if (!Node.isConditionalTypeNode(node)) return []
  const inferred = node.getExtendsType().getDescendantsOfKind(SyntaxKind.InferType)
  const names = inferred.map((each) => each.getTypeParameter().getName())
  const used = [node.getTrueType(), ...node.getTrueType().getDescendants()].some(
    (each) => Node.isIdentifier(each) && names.includes(each.getText()),
  )
  if (used || isNever(node.getFalseType())) return []
  return [{ node, operator: 'always holds', to: `(${node.getTrueType().getText()})` }]
}
const isNever = (node: TypeNode): boolean => node.getKind() === SyntaxKind.NeverKeyword

const opposites: Readonly<Record<string, string>> = { Add: 'Sub', Sub: 'Add', Mul: 'Add', Div: 'Mul', Mod: 'Div' }
/** `Add<A, B>` -> `Sub<A, B>` */
const otherArithmetic: Operator = (node) => {
  const to = Node.isTypeReference(node) ? opposites[node.getTypeName().getText()] : undefined
  return to === undefined
    ? []
    : [{ node, operator: 'arithmetic', to: `import('${arithmeticFrom(node)}').${node.getText().replace(/^\w+/, to)}` }]
}
const arithmeticFrom = (node: Node): string =>
  node.getSourceFile().getFilePath().includes('/types/') ? './arithmetic.ts' : '../../types/arithmetic.ts'

/** `'>'` -> `'<'`, `1` -> `2`, `'dense'` -> `'dense?'` */
const otherLiteral: Operator = (node) => {
  if (!Node.isLiteralTypeNode(node) || Node.isIndexedAccessTypeNode(node.getParent()) || isDefault(node) || asksForAny(node)) return []
  const literal = node.getLiteral()
  if (Node.isNumericLiteral(literal)) return [{ node, operator: 'literal', to: String(Number(literal.getText()) + 1) }]
  if (!Node.isStringLiteral(literal)) return []
  const text = literal.getLiteralText()
  return [{ node, operator: 'literal', to: text === '<' ? "'>'" : text === '>' ? "'<'" : `'${text}?'` }]
}

/** `0 extends 1 & T`: any two numbers would do. */
const asksForAny = (node: Node): boolean =>
  /^0 extends 1 & /.test(node.getFirstAncestorByKind(SyntaxKind.ConditionalType)?.getText() ?? '') && /^[01]$/.test(node.getText())
const isDefault = (node: Node): boolean => Node.isTypeParameterDeclaration(node.getParent())

/** `[...Rows, M, N]` -> `[...Rows, N]`, where it is a result and not a pattern. */
const fewerElements: Operator = (node) => {
  if (!Node.isTupleTypeNode(node) || isPattern(node)) return []
  const elements = node.getElements().map((each) => each.getText())
  return elements.map((_, i) => ({ node, operator: 'element', to: `[${elements.toSpliced(i, 1).join(', ')}]` }))
}
/** Whether it stands where a condition compares. */
const isPattern = (node: Node): boolean =>
  node.getDescendantsOfKind(SyntaxKind.InferType).length > 0 ||
  [node, ...node.getAncestors()].some((each) => {
    const parent = each.getParent()
    return Node.isConditionalTypeNode(parent) && (parent.getExtendsType() === each || parent.getCheckType() === each)
  })

/** A sentence in other words. */
const otherSentence: Operator = (node) => {
  const value = Node.isVariableDeclaration(node) ? node.getInitializer() : undefined
  const isSentence = Node.isStringLiteral(value) || Node.isNoSubstitutionTemplateLiteral(value)
  if (!isSentence || !/: |\{/.test(value.getText())) return []
  return [{ node: value, operator: 'sentence', to: value.getText().replace(/.$/, '!$&') }]
}

/** `Say<typeof sentence, { a: A }>` -> `{ a: 0 }` */
const otherWord: Operator = (node) => {
  if (!Node.isTypeReference(node) || node.getTypeName().getText() !== 'Say') return []
  const words = node.getTypeArguments()[1]
  if (!Node.isTypeLiteral(words)) return []
  return words.getProperties().flatMap((word) => {
    const type = word.getTypeNode()
    return type === undefined || Node.isLiteralTypeNode(type) ? [] : [{ node: type, operator: 'word', to: '0' }]
  })
}

/** What a rule gives, one member at a time: `out: DenseShape<this['in'], N>` -> `out: null` */
const otherMember: Operator = (node) => {
  if (!Node.isInterfaceDeclaration(node) || !isRule(node)) return []
  return node.getProperties().flatMap((member) => {
    const type = member.getTypeNode()
    const isPlain = type === undefined || Node.isLiteralTypeNode(type) || Node.isConditionalTypeNode(type) || type.getText() === 'unknown'
    return isPlain ? [] : [{ node: type, operator: 'member', to: '0' }]
  })
}

const operators: readonly Operator[] = [neverHolds, alwaysHolds, otherArithmetic, otherLiteral, fewerElements, otherWord, otherMember]
