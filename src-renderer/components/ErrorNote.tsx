import { IconCircleX } from '@tabler/icons-react'
import { problemPlace, problemText } from '#domain/problem'
import { errorText, problemsOf } from '../problems.ts'

/** What went wrong, in place: each problem with where and what to do; the call id when the program failed. */
export function ErrorNote({ error }: { readonly error: unknown }) {
  if (error === null || error === undefined) return null
  const problems = problemsOf(error)
  return (
    <div className="note note-bad" role="alert">
      <IconCircleX size={16} stroke={1.7} />
      <div>
        {problems.length === 0 && <p>{errorText(error)}</p>}
        {problems.slice(0, 8).map((p, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes while shown
          <p key={i}>
            {problemPlace(p) !== '' && <span className="strong">{problemPlace(p)}: </span>}
            {p.excerpt !== undefined && <code className="chip-bad">{p.excerpt}</code>} {problemText(p)}
          </p>
        ))}
        {problems.length > 8 && <p>e altri {problems.length - 8}.</p>}
      </div>
    </div>
  )
}
