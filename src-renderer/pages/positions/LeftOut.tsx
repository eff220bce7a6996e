import { IconAlertTriangle } from '@tabler/icons-react'
import { formatCount } from '../../components/cells.tsx'

/** Who is left out of an act, and why. */
export function LeftOut({
  reasons,
}: {
  readonly reasons: readonly { readonly reason: string; readonly count: number }[]
}) {
  if (reasons.length === 0) return null
  const total = reasons.reduce((n, r) => n + r.count, 0)
  return (
    <div className="note note-warn">
      <IconAlertTriangle size={16} stroke={1.7} aria-hidden />
      <div>
        <p className="strong">{total === 1 ? 'Ne resta fuori 1' : `Ne restano fuori ${formatCount(total)}`}</p>
        <ul className="left-out">
          {reasons.map((r) => (
            <li key={r.reason}>
              {formatCount(r.count)} · {r.reason}
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}
