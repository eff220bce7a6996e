import { IconCircleX } from '@tabler/icons-react'
import { type Problem, problemPlace, problemText } from '#domain/problem'
import { counted } from '../../components/cells.tsx'

const SHOWN = 6

/** Rows of a file that could not be read, each with its place: the others are on the sheet. */
export function SheetProblems({
  problems,
  onClose,
}: {
  readonly problems: readonly Problem[]
  readonly onClose: () => void
}) {
  return (
    <div className="note note-bad" role="alert">
      <IconCircleX size={16} stroke={1.7} aria-hidden />
      <div>
        <p className="strong">
          {counted(problems.length, 'cella del file non si legge', 'celle del file non si leggono')}: quelle righe sono
          rimaste fuori.{' '}
          <button type="button" className="link" onClick={onClose}>
            Ho visto
          </button>
        </p>
        {problems.slice(0, SHOWN).map((p) => (
          <p key={`${problemPlace(p)} ${p.code}`}>
            <span className="strong">{problemPlace(p)}: </span>
            {p.excerpt !== undefined && <code className="chip-bad">{p.excerpt}</code>} {problemText(p)}
          </p>
        ))}
        {problems.length > SHOWN && <p>e altre {problems.length - SHOWN}.</p>}
      </div>
    </div>
  )
}
