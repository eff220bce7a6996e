import { SegmentedControl, Select } from '@mantine/core'
import type { ChosenLetter, Letter } from './letter-choice.ts'

/** Which letter goes along, and on which side of the notice. */
export function LetterChoice({
  letters,
  chosen,
  onChoose,
  none,
}: {
  readonly letters: readonly Letter[]
  readonly chosen: ChosenLetter | null
  readonly onChoose: (letter: ChosenLetter | null) => void
  /** Said where there is none to choose. */
  readonly none: string
}) {
  if (letters.length === 0) return <p className="muted small letter-none">{none}</p>
  return (
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
  )
}
