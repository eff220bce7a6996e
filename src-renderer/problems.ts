import { ORPCError } from '@orpc/client'
import { type Problem, problemPlace, problemText } from '#domain/problem'

/** The user's problems inside an error of the wire; empty when it is a failure of the program. */
export function problemsOf(error: unknown): readonly Problem[] {
  if (error instanceof ORPCError && error.code === 'PROBLEM') {
    return (error.data as { problems: readonly Problem[] }).problems
  }
  return []
}

/** Id under which the log tells more, when the program itself failed. */
export function callIdOf(error: unknown): string | null {
  if (error instanceof ORPCError && error.code === 'INTERNAL') return (error.data as { callId: string }).callId
  return null
}

/** What happened, in a sentence for people. */
export function errorText(error: unknown): string {
  const problems = problemsOf(error)
  if (problems.length > 0) {
    return problems.map((p) => [problemPlace(p), problemText(p)].filter((t) => t !== '').join(': ')).join('\n')
  }
  const callId = callIdOf(error)
  if (callId !== null) return `Il programma si è fermato su questa richiesta. Codice ${callId}.`
  return 'Il programma non risponde. Controlla che sia aperto e riprova.'
}

export function isAborted(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || /abort/i.test(error.message))
}
