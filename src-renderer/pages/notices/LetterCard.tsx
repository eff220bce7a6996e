import { Link } from '@tanstack/react-router'
import { Card } from '../../components/Page.tsx'
import { LetterChoice } from './LetterChoice.tsx'
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
      <LetterChoice
        letters={letters}
        chosen={chosen}
        onChoose={onChoose}
        none="Nessuna lettera accompagnatoria: gli avvisi vanno da soli."
      />
    </Card>
  )
}
