import { Sheet } from '../components/Sheet.tsx'
import { ALL_SECTIONS } from '../navigation.ts'
import { helpOf } from './help.ts'

/** F1: what this page is for, in a few sentences. */
export function HelpSheet({
  opened,
  onClose,
  path,
}: {
  readonly opened: boolean
  readonly onClose: () => void
  readonly path: string
}) {
  const section = ALL_SECTIONS.findLast((s) => (s.to === '/' ? true : path.startsWith(s.to)))
  const help = helpOf(path)
  return (
    <Sheet opened={opened} onClose={onClose} title={section?.label ?? 'Aiuto'} size={560}>
      <div className="help">
        {help.map((text) => (
          <p key={text}>{text}</p>
        ))}
        <p className="muted">Il manuale completo è nel file docs/manuale.md. Il tasto ? mostra tutti i tasti.</p>
      </div>
    </Sheet>
  )
}
