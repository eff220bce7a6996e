import { type Problem, problemText } from '#domain/problem'

/** What a preview says against an act, or of it: errors red, warnings amber. */
export function ProblemNotes({ problems }: { readonly problems: readonly Problem[] }) {
  return problems.map((one) => (
    <div
      key={one.code + JSON.stringify(one.params)}
      className={`note note-${one.severity === 'error' ? 'bad' : 'warn'}`}
    >
      <div>{problemText(one)}</div>
    </div>
  ))
}
