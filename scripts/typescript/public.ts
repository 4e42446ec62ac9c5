/** What the public entry points export: names, docstrings with their examples, and dims that a signature gives away. */
import { type ExportedDeclarations, type JSDoc, Node, Project, type Symbol as Sign, type SourceFile, type Type, ts } from 'ts-morph'

export interface PublicName {
  readonly name: string
  /** Where it is declared, relative to the root: `src/tensor/random.ts:20`. */
  readonly place: string
  readonly isValue: boolean
  /** Ours, and neither a type nor a class nor a namespace. */
  readonly isFunction: boolean
  /** The code under each `@example`. */
  readonly examples: readonly string[]
  readonly described: boolean
}

/** The entry points and what they need; under this repository's own settings. */
export const openProject = (root: string, entries: readonly string[]): Project => {
  const project = new Project({
    tsConfigFilePath: `${root}/tsconfig.json`,
    skipAddingFilesFromTsConfig: true,
    compilerOptions: { noUnusedLocals: false },
  })
  project.addSourceFilesAtPaths(entries.map((entry) => `${root}/${entry}`))
  project.resolveSourceFileDependencies()
  return project
}

/** The names that an entry point exports, in its order; those of a namespace stand under its name. */
export const readPublicNames = (project: Project, root: string, entry: string): readonly PublicName[] =>
  exportsOf(project, root, entry).map(([name, declaration]) => {
    const ours = !declaration.getSourceFile().isInNodeModules()
    const docs = ours ? docsOf(declaration) : []
    return {
      name,
      place: `${declaration
        .getSourceFile()
        .getFilePath()
        .slice(root.length + 1)}:${declaration.getStartLineNumber()}`,
      isValue: isValue(declaration),
      isFunction: ours && (Node.isVariableDeclaration(declaration) || Node.isFunctionDeclaration(declaration)),
      examples: examplesOf(docs),
      described: docs.some((doc) => doc.getDescription().trim() !== ''),
    }
  })

/** What has an example, and so is meant for users, but no entry point exports. */
export const readHidden = (project: Project, root: string, entries: readonly string[]): readonly string[] => {
  const listed = new Set(entries.flatMap((entry) => exportsOf(project, root, entry).map(([, declaration]) => declaration)))
  return project.getSourceFiles(`${root}/src/**/*.ts`).flatMap((file) =>
    exportsOfFile(file)
      .filter(([, declaration]) => !listed.has(declaration) && examplesOf(docsOf(declaration)).length > 0)
      .map(([name]) => `${file.getFilePath().slice(root.length + 1)}: ${name}`),
  )
}

type Export = readonly [name: string, declaration: ExportedDeclarations]

const exportsOf = (project: Project, root: string, entry: string): readonly Export[] =>
  exportsOfFile(project.getSourceFileOrThrow(`${root}/${entry}`))

const exportsOfFile = (file: SourceFile): readonly Export[] =>
  [...file.getExportedDeclarations()].flatMap(([name, [declaration]]): readonly Export[] => {
    if (declaration === undefined) return []
    const members = Node.isSourceFile(declaration) ? exportsOfFile(declaration) : []
    return [[name, declaration], ...members.map(([member, each]): Export => [`${name}.${member}`, each])]
  })

const isValue = (declaration: ExportedDeclarations): boolean =>
  !Node.isInterfaceDeclaration(declaration) && !Node.isTypeAliasDeclaration(declaration)

const docsOf = (declaration: ExportedDeclarations): readonly JSDoc[] => {
  const holder = Node.isVariableDeclaration(declaration) ? declaration.getVariableStatement() : declaration
  return Node.isJSDocable(holder) ? holder.getJsDocs() : []
}

const examplesOf = (docs: readonly JSDoc[]): readonly string[] =>
  docs.flatMap((doc) =>
    doc
      .getTags()
      .filter((tag) => tag.getTagName() === 'example')
      .map((tag) => tag.getCommentText() ?? ''),
  )

/** `zeros: Tensor<[number]>` for every public function that gives a tensor, or a model, with a dim that is `number`, `any` or unknown. */
export const readLooseDims = (project: Project, root: string, entry: string): readonly string[] =>
  exportsOf(project, root, entry)
    .filter(([, declaration]) => isValue(declaration) && !Node.isSourceFile(declaration))
    .flatMap(([name, declaration]) => looseDims(declaration.getType(), declaration).map((loose) => `${name}: ${loose}`))

/** Follows what calls give, through records, tuples and type arguments, six deep, but never into parameters. */
const looseDims = (type: Type, at: Node): readonly string[] => {
  const seen = new Set<unknown>()
  const visit = (given: Type, depth: number): readonly string[] => {
    if (seen.has(given.compilerType) || depth > 6) return []
    seen.add(given.compilerType)
    if (isTensor(given)) return isLoose(given) ? [given.getText(at)] : []
    if (isModel(given) && isLooseModel(given)) return [given.getText(at)]
    const parts = [...given.getUnionTypes(), ...given.getIntersectionTypes(), ...given.getTypeArguments(), ...given.getAliasTypeArguments()]
    const results = given.getCallSignatures().map((signature) => signature.getReturnType())
    const properties = given
      .getProperties()
      .filter(isOurs)
      .map((property) => property.getTypeAtLocation(at))
    return [...parts, ...results, ...properties].flatMap((each) => visit(each, depth + 1))
  }
  return type
    .getCallSignatures()
    .map((signature) => signature.getReturnType())
    .flatMap((each) => visit(each, 0))
}

/** Neither a library's, nor of the tensor itself, as it shows through a type that is not decided yet. */
const isOurs = (property: Sign): boolean =>
  property.getDeclarations().every((each) => !each.getSourceFile().isInNodeModules() && !isOfTensor(each.getParent()))
const isOfTensor = (holder: Node | undefined): boolean => Node.isInterfaceDeclaration(holder) && holder.getName() === 'Tensor'
const isTensor = (type: Type): boolean =>
  ['Tensor', 'Statistic'].includes(type.getSymbol()?.getName() ?? '') && type.getTypeArguments().length > 0
const isLoose = (tensor: Type): boolean => {
  const [shape] = tensor.getTypeArguments()
  return shape === undefined || isLooseShape(shape)
}
const isModel = (type: Type): boolean => type.getSymbol()?.getName() === 'Model' && type.getTypeArguments().length > 0
/** What it takes and gives are shapes, and its parameters are known; the parameters' own dims are those of tensors. */
const isLooseModel = (model: Type): boolean => {
  const [taken, given, params] = model.getTypeArguments()
  return [taken, given].some((shape) => shape === undefined || isLooseShape(shape)) || params === undefined || params.isAny()
}
const isLooseShape = (shape: Type): boolean => {
  if (shape.isAny()) return true
  if (shape.isArray()) return true
  return shape.isTuple() && shape.getTupleElements().some((dim) => dim.isAny() || dim.isNumber() || dim.isUnknown())
}

/** The errors of a text that is checked as if it stood in the project. */
export const checkText = (project: Project, path: string, text: string): readonly string[] =>
  project
    .createSourceFile(path, text, { overwrite: true })
    .getPreEmitDiagnostics()
    .map((each) => `${each.getLineNumber()}: ${ts.flattenDiagnosticMessageText(each.compilerObject.messageText, ' / ')}`)
