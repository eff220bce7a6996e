/** One row of the problem table. `P` names the parameters that the sentences need. */
export interface ProblemEntry<P> {
  /** What is wrong, one Italian sentence that names what it reads. */
  text(params: P): string
  /** What to do, one sentence, or empty when the text already says it. */
  remedy(params: P): string
}

export function entry<P = Record<string, never>>(
  text: (params: P) => string,
  remedy: (params: P) => string = () => '',
): ProblemEntry<P> {
  return { text, remedy }
}
