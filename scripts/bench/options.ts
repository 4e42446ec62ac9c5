/** The command line of `npm run bench`. */

export interface Options {
  /** Workloads by name, `sweep` among them; null for all. */
  readonly only: readonly string[] | null
  /** Lines beside ours by name or the start of it; null for all. */
  readonly peers: readonly string[] | null
  readonly rounds: number
  /** Milliseconds that a line runs in each round. */
  readonly time: number
  readonly json: boolean
  readonly write: boolean
}
export const usage = `npm run bench -- [options]
  --only W1,I1     these workloads: W1 to W6, I1, I256, sweep; all unless said
  --peers c,numpy  these lines beside ours, by name or the start of it; all unless said, none for ours alone
  --rounds n       how often each takes its turn; 7 unless said
  --time ms        how long a turn lasts; 100 unless said
  --json           one object for machines
  --write          writes bench/README.md`

/** Options, or what is wrong with the arguments. */
export const optionsOf = (args: readonly string[]): Options | string => {
  const flags = ['--json', '--write']
  const valued = ['--only', '--peers', '--rounds', '--time']
  const given = new Map<string, string>()
  for (let i = 0; i < args.length; i++) {
    const name = args[i] as string
    if (flags.includes(name)) given.set(name, '')
    else if (!valued.includes(name)) return `unknown option ${name}`
    else if (args[i + 1] === undefined) return `${name} needs a value`
    else given.set(name, args[++i] as string)
  }
  const rounds = Number(given.get('--rounds') ?? 7)
  const time = Number(given.get('--time') ?? 100)
  if (!Number.isInteger(rounds) || rounds < 1) return '--rounds needs a whole number above 0'
  if (!(time > 0)) return '--time needs milliseconds above 0'
  const list = (name: string): readonly string[] | null =>
    given
      .get(name)
      ?.split(',')
      .filter((word) => word !== '') ?? null
  return { only: list('--only'), peers: list('--peers'), rounds, time, json: given.has('--json'), write: given.has('--write') }
}

/** Whether a line was asked for: `c` means all lines in C, `numpy` both of NumPy. */
export const wanted = (peers: readonly string[] | null, id: string): boolean =>
  peers === null || peers.some((word) => id === word || id.startsWith(`${word}-`))
