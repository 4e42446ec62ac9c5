/** `shapewright-types`: a declaration from a header, with which the compiler holds a model against the file. */
import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { dense, input, key, pipe, relu } from 'shapewright'
import { saveParams } from 'shapewright/files'
import * as morph from 'ts-morph'
import { afterAll, describe, expect, it } from 'vitest'
import { checkText, openProject } from '../../scripts/typescript/public.ts'
import { declarationOf, tensorsIn } from '../../src/files/types/declaration.ts'

const folder = mkdtempSync(join(tmpdir(), 'shapewright-types-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const file = join(folder, 'model.safetensors')
const command = (...given: readonly string[]) => spawnSync('npx', ['tsx', 'src/files/types/command.ts', ...given], { encoding: 'utf8' })

const project = openProject(process.cwd(), ['src/index.ts', 'src/files/index.ts'])
/** What the compiler says of a program below a declaration. */
const check = (declaration: string, program: string): readonly string[] => {
  const head = "import { declared, dense, input, pipe, relu } from 'shapewright'\nimport { loadParams } from 'shapewright/files'\n"
  return checkText(project, `${process.cwd()}/test/files/declared.ts`, `${head}${declaration}\n${program}\n`)
}

describe('a declaration', () => {
  it('is written from a header, and a model that does not fit is refused', async () => {
    const model = pipe(input([4]), dense(3, 'hidden'), relu, dense(2, 'out'))
    const saved = await saveParams(file, model, model.init(key(0)))()
    if (E.isLeft(saved)) throw new Error(saved.left.message)
    const { stdout, status } = command(file)
    expect([stdout.trim(), status]).toEqual([`${file}.d.ts: 4 tensors`, 0])
    const declaration = readFileSync(`${file}.d.ts`, 'utf8')
    expect(declaration).toContain('readonly "hidden.weight": { readonly type: "f32"; readonly shape: readonly [4, 3] };')
    const load = (layers: string) => `loadParams(declared<Weights>('model.safetensors'), pipe(input([4]), ${layers}))`
    expect(check(declaration, load("dense(3, 'hidden'), relu, dense(2, 'out')"))).toEqual([])
    expect(check(declaration, load("dense(3, 'hidden'), relu, dense(2, 'head')")).join()).toContain(
      'loadParams: several tensors of the model are missing in the file',
    )
    expect(check(declaration, load("dense(3, 'hidden')")).join()).toContain('the file has several tensors that the model does not have')
  })
  it('says what goes wrong in one line', () => {
    for (const [given, line, code] of [
      [[join(folder, 'none')], `shapewright-types: ${join(folder, 'none')}: there is no such file`, 1],
      [[], 'shapewright-types: FILE [--out FILE.d.ts], where FILE is a safetensors file, the index of a sharded one, or a checkpoint', 2],
    ] as const) {
      const { stderr, status } = command(...given)
      expect(stderr.trim().split('\n').at(-1)).toBe(line)
      expect(status).toBe(code)
    }
  })
})

describe('names and types of strangers', () => {
  it.each(['names', 'odd', 'types', 'nothing'])('%s.safetensors', async (name) => {
    const copied = join(folder, `${name}.safetensors`)
    copyFileSync(`test/golden/safetensors/${name}.safetensors`, copied)
    const tensors = await tensorsIn(copied)()
    if (E.isLeft(tensors)) throw new Error(tensors.left.message)
    const text = declarationOf(morph, `${copied} */ evil()`, tensors.right)
    const source = new morph.Project({ useInMemoryFileSystem: true, skipLoadingLibFiles: true }).createSourceFile('weights.d.ts', text)
    expect(source.getStatements()).toHaveLength(1)
    const properties = source.getInterfaceOrThrow('Weights').getProperties()
    // TypeScript counts names as JSON reads them
    expect(properties.map((each) => JSON.parse(each.getName()) as string).sort()).toEqual(tensors.right.map((each) => each.name).sort())
    expect(source.getFullText()).not.toContain('evil()\n')
  })
  it('a sharded file is declared whole', async () => {
    const tensors = await tensorsIn('test/golden/safetensors/model.safetensors.index.json')()
    expect(E.isRight(tensors) && tensors.right.map(({ name }) => name)).toEqual(['encoder.weight', 'head.bias'])
  })
})

describe('without ts-morph', () => {
  it('the command says what it needs', () => {
    // a loader that knows no ts-morph stands for a folder where it was not installed
    const without = `data:text/javascript,${encodeURIComponent(
      "import { register } from 'node:module'; register('data:text/javascript,' + encodeURIComponent(\"export const resolve = (name, context, next) => { if (name === 'ts-morph') throw new Error('none'); return next(name, context) }\"))",
    )}`
    const run = (): string =>
      execFileSync(process.execPath, ['--import', 'tsx', '--import', without, 'src/files/types/command.ts', file], {
        encoding: 'utf8',
        stdio: 'pipe',
      })
    expect(run).toThrow('shapewright-types: needs ts-morph; npm install --save-dev ts-morph')
  })
})
