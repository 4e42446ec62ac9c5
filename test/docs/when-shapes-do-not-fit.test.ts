/** docs/when-shapes-do-not-fit.md has every sentence, each with a program that is refused with it and one that is mended. */
import { readFileSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import * as shapewright from 'shapewright'
import { describe, expect, it } from 'vitest'
import { checkText, openProject, readPublicNames } from '../../scripts/typescript/public.ts'
import { readSentences } from '../../scripts/typescript/sentences.ts'

const root = process.cwd()
const path = 'docs/when-shapes-do-not-fit.md'
const page = readFileSync(path, 'utf8')

interface Entry {
  readonly title: string
  /** JavaScript says it at run time: the compiler cannot. */
  readonly language: string
  readonly sentence: string
  readonly wrong: string
  readonly mended: string
}
const entries = [
  ...page.matchAll(/^\*\*`(.+)`\*\*\n[^`#]*?(?:`[^`\n]+`[^`#]*?)*\n```(ts|js)\n\/\/ (.+)\n([\s\S]*?)\n\n\/\/ mended\n([\s\S]*?)\n```$/gm),
].map(([, title = '', language = '', sentence = '', wrong = '', mended = '']): Entry => ({ title, language, sentence, wrong, mended }))
const preamble = /^```ts\n([\s\S]*?)\n```$/m.exec(page)?.[1] ?? ''

/** `{op}: axis {axis}` as a pattern. */
const patternOf = (sentence: string): RegExp =>
  new RegExp(
    `^${sentence
      .split(/\{\w+\}/)
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.+')}$`,
  )

const project = openProject(root, ['src/index.ts', 'src/ops.ts', 'src/data/images/index.ts'])
const names = readPublicNames(project, root, 'src/index.ts').filter(({ name }) => !name.includes('.'))
const imports = [
  `import { ${names.map(({ name, isValue }) => (isValue ? name : `type ${name}`)).join(', ')} } from 'shapewright'`,
  "import * as E from 'fp-ts/lib/Either.js'",
  "import * as t from 'io-ts'",
  "import * as ops from 'shapewright/ops'",
].join('\n')

/** The errors of each program, all checked in one file. */
const check = (programs: readonly string[]): readonly (readonly string[])[] => {
  const head = `${imports}\n${preamble}\n`
  const blocks = programs.map((program) => `{\n${program}\n}`)
  const starts = blocks.map((_, i) => `${head}${blocks.slice(0, i).join('\n')}`.split('\n').length + (i === 0 ? 0 : 1))
  const errors = checkText(project, `${root}/test/docs/all-sentences.ts`, head + blocks.join('\n'))
  const lines = errors.map((error) => Number(/^\d+/.exec(error)?.[0]))
  return blocks.map((_, i) =>
    errors.filter((_, k) => (lines[k] ?? 0) >= (starts[i] ?? 0) && (lines[k] ?? 0) < (starts[i + 1] ?? Number.POSITIVE_INFINITY)),
  )
}

describe(path, () => {
  const typed = entries.filter(({ language }) => language === 'ts')
  const refused = check(typed.map(({ wrong }) => wrong))
  const accepted = check(typed.map(({ mended }) => mended))

  it('has an entry under every title', () => {
    expect(page.match(/^\*\*`/gm)?.length).toBe(entries.length)
    expect(entries.length).toBeGreaterThan(60)
  })
  it('has every sentence', () => {
    const titles = new Set(entries.map(({ title }) => title))
    const missing = readSentences(root, ['types/*.ts', 'src/**/*.ts']).filter(({ text }) => !titles.has(text))
    expect(missing.map(({ place, text }) => `${place}: ${text}`)).toEqual([])
  })
  it('has no sentence that nobody says', () => {
    const said = new Set(readSentences(root, ['types/*.ts', 'src/**/*.ts']).map(({ text }) => text))
    expect(entries.map(({ title }) => title).filter((title) => !said.has(title))).toEqual([])
  })
  it('shows instances of its sentences', () => {
    expect(entries.filter(({ title, sentence }) => !patternOf(title).test(sentence)).map(({ sentence }) => sentence)).toEqual([])
  })
  it('has programs that are refused with their sentence, and nothing else', () => {
    const wrong = typed.flatMap(({ sentence }, i) => {
      const errors = refused[i] ?? []
      return errors.length === 1 && errors[0]?.split(' / ').at(-1)?.includes(`"${sentence}"`) ? [] : [{ sentence, errors }]
    })
    expect(wrong).toEqual([])
  })
  it('has programs that are mended', () => {
    expect(typed.map(({ sentence }, i) => ({ sentence, errors: accepted[i] ?? [] })).filter(({ errors }) => errors.length > 0)).toEqual([])
  })
  it.each(entries.filter(({ language }) => language === 'js'))('$sentence: is thrown', ({ sentence, wrong, mended }) => {
    const run = (code: string): unknown => new Function(...Object.keys(shapewright), code)(...Object.values(shapewright))
    expect(() => run(wrong)).toThrow(new shapewright.ShapeError(sentence))
    expect(() => run(mended)).not.toThrow()
    expect(E.isRight(E.right(1))).toBe(true)
  })
})
