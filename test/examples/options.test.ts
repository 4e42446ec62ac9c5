import * as E from 'fp-ts/lib/Either.js'
import { expect, it } from 'vitest'
import { decimal, flag, oneOf, readOptions, text, wholeNumber } from '../../examples/shared/options.ts'

const known = { batch: wholeNumber(32, 1, 1000), seed: wholeNumber(0, 0), optimizer: oneOf('adam', ['adam', 'sgd']), json: flag }
const read = (...args: readonly string[]) => readOptions(known, args)

it('reads options', () => {
  expect(read()).toEqual(E.right({ batch: 32, seed: 0, optimizer: 'adam', json: false }))
  expect(read('--batch', '8', '--json', '--optimizer=sgd')).toEqual(E.right({ batch: 8, seed: 0, optimizer: 'sgd', json: true }))
})
it.each([
  [['--batch', '0'], '--batch 0: expected a whole number from 1 to 1000'],
  [['--batch', '8.5'], '--batch 8.5: expected a whole number from 1 to 1000'],
  [['--batch', '1e2'], '--batch 1e2: expected a whole number from 1 to 1000'],
  [['--seed=-1'], '--seed -1: expected a whole number from 0 on'],
  [['--optimizer', 'lion'], '--optimizer lion: expected one of adam, sgd'],
  [['--epoch', '3'], "Unknown option '--epoch'; options: --batch 32 --seed 0 --optimizer adam --json"],
  [['--seed'], "Option '--seed <value>' argument missing; options: --batch 32 --seed 0 --optimizer adam --json"],
  [['--json=yes'], "Option '--json' does not take an argument; options: --batch 32 --seed 0 --optimizer adam --json"],
  [['10'], "Unexpected argument '10'; options: --batch 32 --seed 0 --optimizer adam --json"],
])('says in one line what is wrong with %j', (args, message) => {
  expect(read(...args)).toEqual(E.left(message))
})
it('reads numbers with a point, and texts', () => {
  const others = { noise: decimal(0.1, 0, 10), directory: text('here') }
  expect(readOptions(others, [])).toEqual(E.right({ noise: 0.1, directory: 'here' }))
  expect(readOptions(others, ['--noise', '.25', '--directory', 'there'])).toEqual(E.right({ noise: 0.25, directory: 'there' }))
  for (const noise of ['', '.', '1e-3', 'x', '10.5', 'Infinity'])
    expect(readOptions(others, [`--noise=${noise}`])).toEqual(E.left(`--noise ${noise}: expected a number from 0 to 10`))
  expect(readOptions({ prompt: text('/** The ') }, ['there'])).toEqual(E.left("Unexpected argument 'there'; options: --prompt '/** The '"))
  expect(readOptions(others, ['--directory='])).toEqual(E.left('--directory : expected a text'))
})
