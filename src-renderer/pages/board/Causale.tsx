import type { MovementRow } from './board.ts'

type Span = MovementRow['spans'][number]

const WORDS = { recognised: 'riconosciuto', broken: 'rotto dalla banca', missing: 'manca' } as const
const BEFORE = 5

/**
 * The causale with its three marks, never by colour only: recognised (green ground), broken by the bank (amber,
 * underlined), missing (hatched). Folded it begins a little before the first mark.
 */
export function Causale({
  text,
  spans,
  folded,
}: {
  readonly text: string
  readonly spans: readonly Span[]
  readonly folded?: boolean
}) {
  const sorted = [...spans].sort((a, b) => a.start - b.start)
  const first = sorted[0]?.start ?? 0
  const from = folded && first > BEFORE + 2 ? first - BEFORE : 0
  const parts: { readonly key: string; readonly text: string; readonly mark: Span['mark'] | null }[] = []
  let at = from
  for (const span of sorted) {
    if (span.start > at) parts.push({ key: `t${at}`, text: text.slice(at, span.start), mark: null })
    const inner = text.slice(Math.max(at, span.start), span.end)
    parts.push({
      key: `${span.mark}${span.start}`,
      text:
        span.mark === 'missing' && inner === ''
          ? folded
            ? 'manca'
            : 'manca il resto'
          : span.mark === 'broken' && inner.trim() === ''
            ? '␣'.repeat(Math.max(1, inner.length))
            : inner,
      mark: span.mark,
    })
    at = Math.max(at, span.end)
  }
  if (at < text.length) parts.push({ key: `t${at}`, text: text.slice(at), mark: null })
  return (
    <span className={`causale mono${folded ? ' cut' : ''}`} title={text}>
      {from > 0 ? '…' : ''}
      {parts.map((part) =>
        part.mark === null ? (
          <span key={part.key}>{part.text}</span>
        ) : (
          <span key={part.key} className={`mk-${part.mark}`} title={WORDS[part.mark]}>
            {part.text}
          </span>
        ),
      )}
    </span>
  )
}

/** What the marks mean; in the open row only. */
export function CausaleLegend({ spans }: { readonly spans: readonly Span[] }) {
  const kinds = (['recognised', 'broken', 'missing'] as const).filter((mark) => spans.some((s) => s.mark === mark))
  if (kinds.length === 0)
    return <p className="small muted legend-none">Nessun riferimento riconosciuto nella causale.</p>
  return (
    <p className="causale-legend small ink2">
      {kinds.map((mark) => (
        <span key={mark}>
          <span className={`mk-${mark} mk-sample`} aria-hidden>
            {'\u00a0\u00a0'}
          </span>{' '}
          {WORDS[mark]}
        </span>
      ))}
    </p>
  )
}
