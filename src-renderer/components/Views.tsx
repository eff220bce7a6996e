import type { ReactNode } from 'react'
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
      <nav aria-label={label}>
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
      </nav>
      {right !== undefined && <div className="views-right">{right}</div>}
    </div>
  )
}
