/** The pages that describe the repository name what is there: files, passes, rooms, scripts. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { simplifyPasses } from '../../src/compiler/simplify/simplify.ts'

const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md']
const read = (path: string): string => readFileSync(path, 'utf8')
const matches = (text: string, pattern: RegExp): readonly string[] => [...text.matchAll(pattern)].map(([, found]) => found ?? '')
const scripts: Readonly<Record<string, string>> = JSON.parse(read('package.json')).scripts

describe.each(pages)('%s', (page) => {
  const text = read(page)

  it('names files and folders that exist', () => {
    const paths = matches(text, /`((?:src|types|test|examples|scripts)\/[\w./-]+)`/g)
    expect(paths.filter((path) => !existsSync(path))).toEqual([])
  })
  it('names scripts that exist', () => {
    const used = matches(text, /npm run (?:-s |--silent )?([\w:-]+)/g)
    expect(used.filter((name) => scripts[name] === undefined)).toEqual([])
  })
  it('links to files that exist', () => {
    const links = matches(text, /\]\((?!https?:)([^)#]+)[^)]*\)/g)
    expect(links.filter((path) => !existsSync(path))).toEqual([])
  })
})

describe('ARCHITECTURE.md', () => {
  const text = read('ARCHITECTURE.md')

  it('has at most 170 lines', () => expect(text.split('\n').length - 1).toBeLessThanOrEqual(170))

  it('has every room', () => {
    const rooms = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory())
    expect(rooms.map(({ name }) => name).filter((name) => !text.includes(`\`src/${name}/\``))).toEqual([])
  })
  it('has every pass that the pipeline names', () => {
    const named = matches(read('src/compiler/compile.ts'), /watch\(\s*'(\w+)'/g)
    const passes = [...named, ...simplifyPasses.map(({ name }) => name)]
    expect(passes.length).toBeGreaterThan(8)
    expect(passes.filter((name) => !text.includes(`\`${name}\``))).toEqual([])
  })
})
