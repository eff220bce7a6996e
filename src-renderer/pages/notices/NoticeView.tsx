import { ActionIcon } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { IconChevronLeft, IconChevronRight, IconZoomIn, IconZoomOut } from '@tabler/icons-react'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { formatDate } from '#domain/date'
import { client } from '../../client.ts'
import { formatCount } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { toneIcon } from '../../components/St.tsx'
import { useKeys } from '../../keys.ts'
import type { PositionRow } from '../positions/position-list.tsx'
import { PAPER, PdfPages } from './pdf-pages.ts'

const STEPS = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 2.5, 3]
const MARGIN = 16

/** The page as it prints, fitted to the window; the neighbours are drawn ahead. */
export function NoticeView({
  row,
  index,
  count,
  neighbours,
  later,
  onStep,
}: {
  readonly row: PositionRow | undefined
  readonly index: number
  readonly count: number
  /** Rows to draw ahead, the likeliest first. */
  readonly neighbours: readonly PositionRow[]
  /** Rows of which only the PDF is asked ahead. */
  readonly later: readonly PositionRow[]
  readonly onStep: (by: 1 | -1) => void
}) {
  const pages = useRef<PdfPages>(undefined)
  pages.current ??= new PdfPages((id) => client.notice.pdf({ debtPositionId: id as PositionRow['id'] }))
  const desk = useElementSize<HTMLDivElement>()
  const sheet = useRef<HTMLDivElement>(null)
  const [zoom, setZoom] = useState<number | null>(null)
  const [error, setError] = useState<unknown>(null)
  const fit = Math.max(0.2, Math.min((desk.width - MARGIN) / PAPER.width, (desk.height - MARGIN) / PAPER.height))
  const scale = zoom ?? (desk.width > 0 ? fit : null)
  const id = row?.id
  const ahead = neighbours.map((n) => n.id).join(',')
  const fetched = later.map((n) => n.id).join(',')

  useEffect(() => () => pages.current?.clear(), [])

  useLayoutEffect(() => {
    const holder = sheet.current
    const drawer = pages.current
    if (!holder || !drawer || id === undefined || scale === null) return
    let left = false
    const show = (canvas: HTMLCanvasElement) => {
      holder.replaceChildren(canvas)
      holder.dataset.notice = String(id)
    }
    setError(null)
    const there = drawer.ready(id, scale)
    if (there) show(there)
    const drawAhead = async () => {
      for (const other of ahead.split(',').filter((t) => t !== '')) {
        if (left) return
        await drawer.draw(Number(other), scale).catch(() => undefined)
      }
      for (const other of fetched.split(',').filter((t) => t !== '')) {
        if (left) return
        await drawer.fetch(Number(other)).catch(() => undefined)
      }
    }
    drawer.draw(id, scale).then(
      (canvas) => {
        if (left) return
        if (!there) show(canvas)
        void drawAhead()
      },
      (failure: unknown) => {
        if (left) return
        holder.replaceChildren()
        setError(failure)
      },
    )
    return () => {
      left = true
    }
  }, [id, scale, ahead, fetched])

  const zoomBy = (by: 1 | -1) => {
    const now = scale ?? 1
    const next = by > 0 ? STEPS.find((s) => s > now + 0.01) : STEPS.findLast((s) => s < now - 0.01)
    if (next !== undefined) setZoom(next)
  }
  useKeys([
    { keys: 'ArrowLeft', label: 'avviso precedente', run: () => onStep(-1) },
    { keys: 'ArrowRight', label: 'successivo', run: () => onStep(1) },
    { keys: '+', label: 'ingrandisci', run: () => zoomBy(1) },
    { keys: '-', label: 'riduci', run: () => zoomBy(-1) },
    { keys: '0', label: 'tutta la pagina', quiet: true, run: () => setZoom(null) },
  ])
  return (
    <section className="card notice-view" aria-label="Anteprima dell’avviso">
      <div className="notice-bar">
        <ActionIcon size={28} aria-label="Avviso precedente (←)" disabled={index <= 0} onClick={() => onStep(-1)}>
          <IconChevronLeft size={16} stroke={1.7} aria-hidden />
        </ActionIcon>
        <span className="nowrap" aria-live="polite">
          <b className="strong">{index < 0 ? '·' : formatCount(index + 1)}</b> di {formatCount(count)}
        </span>
        <ActionIcon
          size={28}
          aria-label="Avviso successivo (→)"
          disabled={index < 0 || index >= count - 1}
          onClick={() => onStep(1)}
        >
          <IconChevronRight size={16} stroke={1.7} aria-hidden />
        </ActionIcon>
        <div className="zoom">
          {zoom !== null && (
            <button type="button" className="link" onClick={() => setZoom(null)}>
              Tutta la pagina
            </button>
          )}
          <ActionIcon variant="subtle" size={28} aria-label="Riduci (−)" onClick={() => zoomBy(-1)}>
            <IconZoomOut size={17} stroke={1.7} aria-hidden />
          </ActionIcon>
          <span className="num">{Math.round((scale ?? 1) * 100)} %</span>
          <ActionIcon variant="subtle" size={28} aria-label="Ingrandisci (+)" onClick={() => zoomBy(1)}>
            <IconZoomIn size={17} stroke={1.7} aria-hidden />
          </ActionIcon>
        </div>
      </div>
      {row && <Band row={row} />}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls when zoomed, so the keyboard must reach it */}
      {/* biome-ignore lint/a11y/useSemanticElements: a named part that scrolls, not a set of fields */}
      <div ref={desk.ref} className="notice-desk" tabIndex={0} role="group" aria-label="Pagina">
        {error !== null ? (
          <div className="notice-sheet">
            <ErrorNote error={error} />
          </div>
        ) : (
          <div
            ref={sheet}
            className="notice-sheet"
            role="img"
            aria-label={row ? `Avviso di ${row.personName}, numero ${row.noticeNumber}` : 'Avviso'}
          />
        )}
      </div>
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
  if (row.state === 'partiallyPaid') return { tone: 'info', text: 'Pagato in parte: questo avviso chiede l’intero.' }
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
