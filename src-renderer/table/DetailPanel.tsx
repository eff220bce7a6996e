import { IconX } from '@tabler/icons-react'
import { createContext, type ReactNode, useContext, useRef, useState } from 'react'
import type { Tone } from '#domain/vocabulary'
import { Money } from '../components/cells.tsx'
import { ToneText } from '../components/St.tsx'
import { useKeys } from '../keys.ts'

const WIDTH_KEY = 'quietanza.pannello'
const SHOWN_KEY = 'quietanza.pannello.visibile'

const PanelShown = createContext<() => void>(() => undefined)

/** The list at the left, the panel at the right; the edge is dragged, F4 shows and hides. Both are remembered. */
export function WithPanel({ children, panel }: { readonly children: ReactNode; readonly panel: ReactNode | null }) {
  const [width, setWidth] = useState(
    () => Number(localStorage.getItem(WIDTH_KEY)) || (window.innerWidth >= 1700 ? 400 : 306),
  )
  const [shown, setShown] = useState(() => localStorage.getItem(SHOWN_KEY) !== 'no')
  const start = useRef<{ readonly x: number; readonly width: number } | null>(null)
  const show = (next: boolean) => {
    setShown(next)
    localStorage.setItem(SHOWN_KEY, next ? 'si' : 'no')
  }
  const resize = (next: number) => {
    const bounded = Math.max(260, Math.min(640, next))
    setWidth(bounded)
    localStorage.setItem(WIDTH_KEY, String(bounded))
  }
  useKeys([{ keys: 'F4', label: 'pannello', quiet: true, run: () => show(!shown) }])
  const open = shown && panel !== null
  return (
    <div
      className="with-panel"
      style={{ gridTemplateColumns: open ? `minmax(0,1fr) 12px ${width}px` : 'minmax(0,1fr)' }}
    >
      {children}
      {open && (
        <>
          {/* biome-ignore lint/a11y/useSemanticElements: a draggable edge, not a rule between paragraphs */}
          <div
            role="separator"
            className="splitter"
            aria-orientation="vertical"
            aria-label="Larghezza del pannello"
            aria-valuenow={width}
            aria-valuemin={260}
            aria-valuemax={640}
            tabIndex={0}
            onKeyDown={(event) => {
              if (event.key === 'ArrowLeft') resize(width + 16)
              else if (event.key === 'ArrowRight') resize(width - 16)
              else return
              event.preventDefault()
            }}
            onPointerDown={(event) => {
              start.current = { x: event.clientX, width }
              event.currentTarget.setPointerCapture(event.pointerId)
            }}
            onPointerMove={(event) => {
              if (start.current) resize(start.current.width + start.current.x - event.clientX)
            }}
            onPointerUp={() => {
              start.current = null
            }}
          />
          <PanelShown.Provider value={() => show(false)}>{panel}</PanelShown.Provider>
        </>
      )}
    </div>
  )
}

/** The panel of the row under the cursor: head, scrolling body, up to three actions at the foot. */
export function DetailPanel({
  title,
  subtitle,
  actions,
  children,
}: {
  readonly title: string
  readonly subtitle?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}) {
  const hide = useContext(PanelShown)
  return (
    <aside className="card panel" aria-label={`Dettaglio: ${title}`}>
      <header className="panel-head">
        <div>
          <h2>{title}</h2>
          {subtitle !== undefined && <p className="muted small">{subtitle}</p>}
        </div>
        <button type="button" className="icon-button" aria-label="Nascondi il pannello (F4)" onClick={hide}>
          <IconX size={16} stroke={1.7} aria-hidden />
        </button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      {/* biome-ignore lint/a11y/useSemanticElements: a named part that scrolls, not a set of fields */}
      <div className="panel-body" tabIndex={0} role="group" aria-label={title}>
        {children}
      </div>
      {actions !== undefined && <footer className="panel-foot">{actions}</footer>}
    </aside>
  )
}

/** A part of the panel with its heading. */
export function PanelPart({ title, children }: { readonly title?: string; readonly children: ReactNode }) {
  return (
    <section className="panel-part">
      {title !== undefined && <h3>{title}</h3>}
      {children}
    </section>
  )
}

/** The amount of the row, with its label as a pill and what that means. */
export function PanelAmount({
  cents,
  label,
}: {
  readonly cents: number
  readonly label: { readonly tone: Tone; readonly title: string; readonly text: string }
}) {
  return (
    <>
      <div className="panel-amount">
        <Money cents={cents} euro />
        <ToneText tone={label.tone} pill>
          {label.title}
        </ToneText>
      </div>
      <p className="small ink2 panel-text">{label.text}</p>
    </>
  )
}
