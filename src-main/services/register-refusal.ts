import { Refusal } from '#codecs/refusal'
import { ProblemError } from '#domain/problem'

/** What a reader refuses half way, said to the person. */
export async function asProblem<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof Refusal ? new ProblemError(error.problem) : error
  }
}
