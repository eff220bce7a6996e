import { useQuery } from '@tanstack/react-query'
import type { Id } from '#domain/brand'
import { orpc } from '../../client.ts'
import { PaperPreview } from '../../components/PaperPreview.tsx'
import { Sheet } from '../../components/Sheet.tsx'
import type { Purpose, Ways } from './campaign-form.ts'

/** The notice of one of the batch with its letter, as it leaves. */
export function SamplePaper({
  debtPositionId,
  purpose,
  letter,
  onClose,
}: {
  readonly debtPositionId: Id<'debtPosition'>
  /** A reminder carries only what is left to pay. */
  readonly purpose: Purpose
  readonly letter: Ways['letter']
  readonly onClose: () => void
}) {
  const paper = useQuery(orpc.notice.pdf.queryOptions({ input: { debtPositionId, purpose, letter } }))
  return (
    <Sheet opened onClose={onClose} title="Un campione, come esce" size={760}>
      <div className="sample-paper">
        <PaperPreview title="Campione" label="Avviso di campione" file={paper.data} error={paper.error} />
      </div>
    </Sheet>
  )
}
