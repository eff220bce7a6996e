import { SegmentedControl, Select } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Card } from '../../components/Page.tsx'
import type { ChosenLetter, Letter } from './letter-choice.ts'

/** The cover letter: what is chosen here is seen in the preview, printed and saved. */
export function LetterCard({
  letters,
  chosen,
  onChoose,
}: {
  readonly letters: readonly Letter[]
  readonly chosen: ChosenLetter | null
  readonly onChoose: (letter: ChosenLetter | null) => void
}) {
  return (
    <Card
      title="Lettera"
      actions={
        <Link to="/impostazioni/$voce" params={{ voce: 'lettere' }} className="small">
          {letters.length === 0 ? 'Scrivine una' : 'Modifica'}
        </Link>
      }
    >
      {letters.length === 0 ? (
        <p className="muted small letter-none">Nessuna lettera accompagnatoria: gli avvisi vanno da soli.</p>
      ) : (
        <div className="letter-choice">
          <Select
            aria-label="Lettera accompagnatoria"
            value={chosen === null ? '' : String(chosen.id)}
            data={[
              { value: '', label: 'Senza lettera' },
              ...letters.map((letter) => ({ value: String(letter.id), label: letter.name })),
            ]}
            onChange={(value) => {
              const letter = letters.find((l) => String(l.id) === value)
              onChoose(letter ? { id: letter.id, place: chosen?.place ?? 'before' } : null)
            }}
          />
          {chosen !== null && (
            <SegmentedControl
              aria-label="Dove sta la lettera"
              fullWidth
              value={chosen.place}
              data={[
                { value: 'before', label: 'Prima dell’avviso' },
                { value: 'after', label: 'Dopo' },
              ]}
              onChange={(place) => onChoose({ ...chosen, place: place as ChosenLetter['place'] })}
            />
          )}
        </div>
      )}
    </Card>
  )
}
