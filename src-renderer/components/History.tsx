import {
  type Icon,
  IconArrowsSplit2,
  IconBuildingBank,
  IconFileInvoice,
  IconFileText,
  IconHandClick,
  IconListNumbers,
  IconMail,
  IconNote,
  IconPencil,
  IconReceipt,
  IconReceiptEuro,
  IconSend,
  IconTableImport,
  IconUser,
} from '@tabler/icons-react'
import type { Tone } from '#domain/vocabulary'
import { DateText, TimeText } from './cells.tsx'

interface HistoryLine {
  readonly at: string
  readonly kind: string
  readonly text: string
  readonly tone: Tone
  readonly operator: string | null
}

const ICONS: Readonly<Record<string, Icon>> = {
  import: IconTableImport,
  accertamento: IconListNumbers,
  variation: IconPencil,
  position: IconFileInvoice,
  notice: IconFileText,
  delivery: IconSend,
  receipt: IconReceipt,
  flow: IconArrowsSplit2,
  credit: IconBuildingBank,
  reversale: IconReceiptEuro,
  contact: IconMail,
  decision: IconHandClick,
  person: IconUser,
  note: IconNote,
}

/** Facts that are known by their day only. */
const WHOLE_DAY = 'T00:00:00.000Z'

/** The history of a person or a document, newest first: when, what, by whom. */
export function History({ lines }: { readonly lines: readonly HistoryLine[] }) {
  if (lines.length === 0) return <p className="muted small">Ancora nessun fatto.</p>
  return (
    <ul className="history">
      {lines.map((line, i) => {
        const Shape = ICONS[line.kind] ?? IconFileText
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: two facts may share instant and text
          <li key={`${line.at}-${i}`} title={line.operator ?? undefined}>
            <Shape size={15} stroke={1.7} className={`t-${line.tone}`} aria-hidden />
            <span className="ink2 nowrap">
              {line.at.endsWith(WHOLE_DAY) ? <DateText date={line.at.slice(0, 10)} /> : <TimeText at={line.at} />}
            </span>
            <span>{line.text}</span>
          </li>
        )
      })}
    </ul>
  )
}
