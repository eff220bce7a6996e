import type { Problem } from '#domain/problem'

/** As many as a screen lists; the rest is only counted (`problemListSchema` of the contract). */
const MOST = 500

/** Problems of long work: tens of thousands of them weigh no more than the first few hundred. */
export class ProblemList {
  readonly first: Problem[] = []
  total = 0

  add(...problems: readonly Problem[]): void {
    this.total += problems.length
    this.first.push(...problems.slice(0, Math.max(0, MOST - this.first.length)))
  }

  /** As the contract carries it. */
  list(): { first: Problem[]; total: number } {
    return { first: this.first, total: this.total }
  }
}
