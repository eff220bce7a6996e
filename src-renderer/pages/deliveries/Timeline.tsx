import type { InferContractRouterOutputs } from '@orpc/contract'
import { type Icon, IconCircleCheck, IconCircleX, IconClockHour4, IconHelpCircle, IconSend } from '@tabler/icons-react'
import type { Contract } from '#contract/contract'
import { formatDate, type Instant, type IsoDate, romeDateTime } from '#domain/date'
import type { Tone } from '#domain/vocabulary'

type Detail = InferContractRouterOutputs<Contract>['delivery']['get']
export type Evidence = Detail['evidence'][number]

interface Fact {
  readonly at: Instant
  readonly title: string
  readonly text: string | null
  readonly tone: Tone
  readonly evidence: Evidence | null
}

/** How the attempts of all channels end. */
const OUTCOMES: Readonly<Record<string, { readonly title: string; readonly tone: Tone }>> = {
  sent: { title: 'Preso in carico', tone: 'ok' },
  written: { title: 'File scritto', tone: 'ok' },
  same: { title: 'Il file c’era già, uguale', tone: 'ok' },
  gathered: { title: 'Messo nel lotto', tone: 'ok' },
  temporary: { title: 'Rimandato', tone: 'warn' },
  permanent: { title: 'Rifiutato', tone: 'bad' },
  refused: { title: 'Rifiutato', tone: 'bad' },
  notEnrolled: { title: 'Non ha l’app', tone: 'bad' },
  different: { title: 'C’era già un altro file', tone: 'bad' },
  address: { title: 'Indirizzo da correggere', tone: 'bad' },
  text: { title: 'Non partito', tone: 'bad' },
  failed: { title: 'Non partito', tone: 'bad' },
  unknown: { title: 'Esito incerto', tone: 'unc' },
  interrupted: { title: 'Interrotto', tone: 'unc' },
}

/** Their answer is ours, and their title says it already. */
const SAID: readonly (string | null)[] = ['written', 'same', 'gathered']

const EVIDENCE_TONES: Readonly<Record<string, Tone>> = {
  accettazione: 'ok',
  presaInCarico: 'ok',
  consegna: 'ok',
  file: 'ok',
  post: 'ok',
  io: 'ok',
  mancata: 'bad',
  nonAccettazione: 'bad',
  virus: 'bad',
  dsn: 'bad',
  preavviso: 'warn',
  anomalia: 'warn',
}

const ICONS: Readonly<Record<Tone, Icon>> = {
  ok: IconCircleCheck,
  info: IconSend,
  warn: IconClockHour4,
  bad: IconCircleX,
  unc: IconHelpCircle,
  neu: IconSend,
}

/** What happened to a delivery, oldest first: each attempt with the answer, each receipt with its proof. */
function factsOf(detail: Detail): Fact[] {
  const attempts = detail.attempts.map((a): Fact => {
    const known = a.outcome === null ? undefined : OUTCOMES[a.outcome]
    return {
      at: a.endedAt ?? a.startedAt,
      title: known?.title ?? (a.endedAt === null ? 'In partenza' : 'Tentativo'),
      text: [
        detail.attempts.length > 1 ? `tentativo ${a.ordinal}` : '',
        a.reply && !SAID.includes(a.outcome) ? `«${a.reply}»` : '',
      ]
        .filter((t) => t !== '')
        .join(' · '),
      tone: known?.tone ?? 'info',
      evidence: null,
    }
  })
  // What the server said to an attempt is told there: as evidence it would stand twice.
  const told = ({ text }: Evidence) => detail.attempts.some((a) => a.reply !== null && text?.endsWith(a.reply))
  const evidence = detail.evidence
    .filter((e) => e.kind !== 'smtp' || e.hasFile || !told(e))
    .map((e): Fact => ({ at: e.at, title: e.title, text: e.text, tone: EVIDENCE_TONES[e.kind] ?? 'neu', evidence: e }))
  // Receipts tell the second only: within it, what left comes before what came back.
  const second = ({ at }: Fact) => at.slice(0, 19)
  return [...attempts, ...evidence].sort((a, b) => (second(a) < second(b) ? -1 : second(a) > second(b) ? 1 : 0))
}

export function Timeline({
  detail,
  onOpen,
}: {
  readonly detail: Detail
  readonly onOpen: (evidence: Evidence) => void
}) {
  const facts = factsOf(detail)
  const days = new Set(facts.map((f) => romeDateTime(f.at).slice(0, 10)))
  let day = ''
  return (
    <ol className="timeline">
      {facts.map((fact, i) => {
        const Shape = ICONS[fact.tone]
        const exact = romeDateTime(fact.at)
        const own = exact.slice(0, 10)
        const heading = own !== day && (days.size > 1 || i === 0)
        day = own
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: two facts may share instant and title
          <li key={`${fact.at}-${i}`}>
            {heading && <span className="timeline-day">{formatDate(own as IsoDate)}</span>}
            <span className={`timeline-dot t-${fact.tone}`}>
              <Shape size={15} stroke={1.7} aria-hidden />
            </span>
            <time dateTime={fact.at} className="ink2 num">
              {exact.slice(11, 19)}
            </time>
            <div className="timeline-fact">
              <b className="strong">{fact.title}</b>
              {fact.evidence !== null && (fact.evidence.hasFile || fact.evidence.text !== null) && (
                <button
                  type="button"
                  className="link"
                  aria-label={`Apri: ${fact.title}`}
                  onClick={() => fact.evidence && onOpen(fact.evidence)}
                >
                  Apri
                </button>
              )}
              {fact.text !== null && fact.text !== '' && (
                <span className="ink2 small cut-lines" title={fact.text}>
                  {fact.text}
                </span>
              )}
            </div>
          </li>
        )
      })}
    </ol>
  )
}
