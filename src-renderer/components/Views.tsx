import { type ReactNode, useEffect, useRef } from 'react'
import { formatCount } from './cells.tsx'

export interface ViewTab {
  readonly id: string
  readonly label: string
  readonly count?: number | undefined
}

/** The views of a list: tabs with counts. The chosen one stands in the address as `vista`. */
export function Views({
  tabs,
  value,
  onChange,
  right,
  label = 'Viste',
}: {
  readonly tabs: readonly ViewTab[]
  readonly value: string
  readonly onChange: (id: string) => void
  readonly right?: ReactNode
  readonly label?: string
}) {
  return (
    <div className="views">
      <ViewStrip label={label} current={value}>
        {tabs.map((tab) => (
          <button
            key={tab.id}
            type="button"
            className="view"
            aria-current={tab.id === value ? 'page' : undefined}
            onClick={() => onChange(tab.id)}
          >
            {tab.label}
            {tab.count !== undefined && <span className="view-count">{formatCount(tab.count)}</span>}
          </button>
        ))}
      </ViewStrip>
      {right !== undefined && <div className="views-right">{right}</div>}
    </div>
  )
}

/** The tabs in one line: where they are more than fit, the wheel moves them and the current one is in sight. */
export function ViewStrip({
  label,
  current,
  children,
}: {
  readonly label: string
  /** The chosen view. */
  readonly current: string
  readonly children: ReactNode
}) {
  const strip = useRef<HTMLElement>(null)
  const shown = useRef('')
  // Counts come later and make the tabs wider; otherwise the line stays where the wheel has left it.
  useEffect(() => {
    const now = `${current} ${strip.current?.scrollWidth}`
    if (shown.current === now) return
    shown.current = now
    strip.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  })
  return (
    <nav
      ref={strip}
      aria-label={label}
      onWheel={(e) => {
        if (e.deltaX === 0) e.currentTarget.scrollLeft += e.deltaY
      }}
    >
      {children}
    </nav>
  )
}
