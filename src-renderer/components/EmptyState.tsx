import { Button } from '@mantine/core'
import { type Icon, IconCheck } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useEffect, useRef } from 'react'
import { Key } from './Key.tsx'

const ROAD = ['Quote', 'Avviso', 'Pagamento', 'Flusso', 'Accredito', 'Reversale'] as const
export type RoadStop = (typeof ROAD)[number]

export interface WayIn {
  readonly title: string
  readonly text: string
  readonly icon: Icon
  readonly keys?: string
  /** A route, or what to do. */
  readonly to?: string
  readonly run?: () => void
}

/** «Not yet»: the road with «you are here», what the thing is, two or three ways in, the first focused. */
export function NotYet({
  stop,
  done = [],
  title,
  text,
  ways,
}: {
  readonly stop: RoadStop
  readonly done?: readonly RoadStop[]
  readonly title: string
  readonly text: string
  readonly ways: readonly WayIn[]
}) {
  const first = useRef<HTMLButtonElement>(null)
  const navigate = useNavigate()
  useEffect(() => {
    first.current?.focus({ preventScroll: true })
  }, [])
  return (
    <div className="empty">
      <div className="empty-inner">
        <ol className="road" aria-label="La strada di una quota">
          {ROAD.map((name) => (
            <li key={name} className={name === stop ? 'here' : done.includes(name) ? 'done' : ''}>
              {name}
              {name === stop && <span className="visually-hidden"> (sei qui)</span>}
              {done.includes(name) && <IconCheck size={16} stroke={2} className="road-tick" aria-label="fatto" />}
            </li>
          ))}
        </ol>
        <h2>{title}</h2>
        <p>{text}</p>
        <div className="ways">
          {ways.map((way, i) => {
            const Shape = way.icon
            return (
              <button
                key={way.title}
                type="button"
                className="way"
                ref={i === 0 ? first : null}
                onClick={() => (way.run ? way.run() : way.to && void navigate({ to: way.to }))}
              >
                <span className="way-title">
                  <Shape size={18} stroke={1.7} aria-hidden />
                  {way.title}
                  {way.keys !== undefined && <Key keys={way.keys} />}
                </span>
                <span className="way-text">{way.text}</span>
              </button>
            )
          })}
        </div>
      </div>
    </div>
  )
}

/** «Nothing matches»: the filters in words and the way out. */
export function NothingMatches({ filters, onClear }: { readonly filters: string; readonly onClear: () => void }) {
  return (
    <div className="empty">
      <div className="empty-inner narrow">
        <h2>Nessuna riga con questi filtri</h2>
        <p>{filters === '' ? 'La vista scelta non ha righe.' : filters}</p>
        <Button onClick={onClear}>Togli i filtri</Button>
      </div>
    </div>
  )
}

/** «All done»: what was done last and the next step. */
export function AllDone({
  title,
  text,
  action,
}: {
  readonly title: string
  readonly text: string
  readonly action?: ReactNode
}) {
  return (
    <div className="empty">
      <div className="empty-inner narrow">
        <IconCheck size={28} stroke={1.7} className="t-ok" aria-hidden />
        <h2>{title}</h2>
        <p>{text}</p>
        {action}
      </div>
    </div>
  )
}
