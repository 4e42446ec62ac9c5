/** Who hears of a run, and what was answered. */
import type { Listener, TrainingEvent } from './progress.ts'

export interface Audience {
  readonly listeners: readonly Listener[]
  /** What they promised, to be waited for; none of these is ever rejected. */
  readonly promised: Promise<void>[]
  /** Whether one of them wants the run to stop. */
  asks: boolean
  /** What the first of them threw. */
  failure: { readonly error: unknown } | null
}

export const audienceOf = (onEvent: Listener | readonly Listener[] = []): Audience => ({
  listeners: typeof onEvent === 'function' ? [onEvent] : onEvent,
  promised: [],
  asks: false,
  failure: null,
})

/** Tells all of them, whatever one of them throws. */
export const tell = (audience: Audience, event: TrainingEvent): void => {
  const answered = (answer: unknown): void => {
    if (answer === 'stop') audience.asks = true
  }
  const failed = (error: unknown): void => {
    audience.failure ??= { error }
  }
  for (const listener of audience.listeners) {
    try {
      const answer = listener(event)
      if (isPromise(answer)) audience.promised.push(Promise.resolve(answer).then(answered, failed))
      else answered(answer)
    } catch (error) {
      failed(error)
    }
  }
}

/** Waits for all that they promised, and gives what the first of them threw. */
export const heard = async (audience: Audience): Promise<Audience['failure']> => {
  while (audience.promised.length > 0) await Promise.all(audience.promised.splice(0))
  return audience.failure
}

const isPromise = (answer: unknown): answer is PromiseLike<unknown> =>
  typeof answer === 'object' && answer !== null && 'then' in answer && typeof answer.then === 'function'
