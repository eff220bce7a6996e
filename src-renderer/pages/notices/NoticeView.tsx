import { ActionIcon } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { formatDate } from '#domain/date'
import { client } from '../../client.ts'
import { formatCount } from '../../components/cells.tsx'
import { deskKeys, useDesk } from '../../components/desk.ts'
import { DeskBar, PaperDesk } from '../../components/PaperDesk.tsx'
import { PdfPages } from '../../components/pdf-pages.ts'
import { toneIcon } from '../../components/St.tsx'
import { useKeys } from '../../keys.ts'
import type { PositionRow } from '../positions/position-list.tsx'
import { type ChosenLetter, noticeOf, paperId } from './letter-choice.ts'

/** The notice as it prints, with its letter if one goes along, fitted to the window; the neighbours are drawn ahead. */
export function NoticeView({
  row,
  letter,
  index,
  count,
  neighbours,
  later,
  onStep,
}: {
  readonly row: PositionRow | undefined
  readonly letter: ChosenLetter | null
  readonly index: number
  readonly count: number
  /** Rows to draw ahead, the likeliest first. */
  readonly neighbours: readonly PositionRow[]
  /** Rows of which only the PDF is asked ahead. */
  readonly later: readonly PositionRow[]
  readonly onStep: (by: 1 | -1) => void
}) {
  const kept = useRef<PdfPages>(undefined)
  kept.current ??= new PdfPages((id) => client.notice.pdf(noticeOf(id)))
  const pages = kept.current
  useEffect(() => () => pages.clear(), [pages])
  const desk = useDesk()
  useKeys([
    { keys: 'ArrowLeft', label: 'avviso precedente', run: () => onStep(-1) },
    { keys: 'ArrowRight', label: 'successivo', run: () => onStep(1) },
    ...deskKeys(desk),
  ])
  const id = ({ id: position }: PositionRow) => paperId(position, letter)
  return (
    <section className="card notice-view" aria-label="Anteprima dell’avviso">
      <div className="notice-bar">
        <ActionIcon
          size={28}
          aria-label="Avviso precedente (←)"
          title="Avviso precedente (←)"
          disabled={index <= 0}
          onClick={() => onStep(-1)}
        >
          <IconChevronLeft size={16} stroke={1.7} aria-hidden />
        </ActionIcon>
        <span className="nowrap" aria-live="polite">
          <b className="strong">{index < 0 ? '·' : formatCount(index + 1)}</b> di {formatCount(count)}
        </span>
        <ActionIcon
          size={28}
          aria-label="Avviso successivo (→)"
          title="Avviso successivo (→)"
          disabled={index < 0 || index >= count - 1}
          onClick={() => onStep(1)}
        >
          <IconChevronRight size={16} stroke={1.7} aria-hidden />
        </ActionIcon>
        <DeskBar desk={desk} />
      </div>
      {row && <Band row={row} />}
      <PaperDesk
        desk={desk}
        pages={pages}
        id={row ? id(row) : null}
        label={row ? `Avviso di ${row.personName}, numero ${row.noticeNumber}` : 'Avviso'}
        ahead={neighbours.map(id)}
        later={later.map(id)}
      />
    </section>
  )
}

/** Outside the paper: what makes this notice not to be paid as it is. */
function Band({ row }: { readonly row: PositionRow }) {
  const words = bandOf(row)
  if (!words) return null
  const Shape = toneIcon(words.tone, row.state)
  return (
    <div className={`notice-band bg-${words.tone} t-${words.tone}`}>
      <Shape size={15} stroke={1.7} aria-hidden />
      <span className="strong">{words.text}</span>
    </div>
  )
}

function bandOf(row: PositionRow): { tone: 'ok' | 'info' | 'warn' | 'neu'; text: string } | null {
  if (row.state === 'paid' || row.state === 'collected') return { tone: 'ok', text: 'Già pagato: non va consegnato.' }
  if (row.state === 'partiallyPaid') {
    return {
      tone: 'info',
      text:
        row.installments > 0
          ? 'Pagato in parte: le rate pagate sono segnate a destra, le altre si pagano ancora.'
          : 'Pagato in parte: questo avviso chiede l’intero.',
    }
  }
  if (row.state === 'cancelled') return { tone: 'neu', text: 'Posizione annullata: questo avviso non si paga più.' }
  if (row.state === 'expired')
    return {
      tone: 'warn',
      text: row.dueDate
        ? `Scaduto il ${formatDate(row.dueDate)}, valido fino al ${formatDate(row.validUntil)}.`
        : `Non più valido dal ${formatDate(row.validUntil)}.`,
    }
  return null
}
