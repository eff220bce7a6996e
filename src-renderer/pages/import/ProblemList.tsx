import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { type ReactNode, useEffect, useMemo, useRef } from 'react'
import { type Problem, problemText } from '#domain/problem'
import { counted, formatCount } from '../../components/cells.tsx'
import { Card } from '../../components/Page.tsx'

/** Problems by row and column, errors before warnings, the same one of many rows once: what it reads in a chip, then the sentence and the remedy. */
export function ProblemList({
  problems,
  total,
  current,
  onPick,
  foot,
}: {
  readonly problems: readonly Problem[]
  readonly total: number
  readonly current: number
  readonly onPick: (index: number) => void
  readonly foot: ReactNode
}) {
  const chosen = useRef<HTMLButtonElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: F8 moves the current one into view
  useEffect(() => {
    void chosen.current?.scrollIntoView({ block: 'nearest' })
  }, [current])
  const groups = useMemo(() => grouped(problems), [problems])
  const errors = problems.filter((p) => p.severity === 'error').length
  const warnings = problems.length - errors
  return (
    <Card
      title="Problemi"
      grow
      flush
      label="Problemi"
      about={
        total > problems.length
          ? `i primi ${formatCount(problems.length)} di ${formatCount(total)}`
          : `${counted(errors, 'errore', 'errori')}, ${counted(warnings, 'avvertenza', 'avvertenze')}`
      }
      {...(foot === null ? {} : { foot: <div className="problem-foot">{foot}</div> })}
    >
      {problems.length === 0 ? (
        <p className="card-body st t-ok">
          <IconCircleCheck size={16} stroke={1.7} aria-hidden /> Nessun problema nel file.
        </p>
      ) : (
        <ul className="problems">
          {groups.map(({ problem: p, at }, g) => {
            const Shape = p.severity === 'error' ? IconCircleX : IconAlertTriangle
            const tone = p.severity === 'error' ? 'bad' : 'warn'
            const here = at.includes(current)
            const shown = (here ? problems[current] : undefined) ?? p
            return (
              <li key={at[0]}>
                {groups[g - 1]?.problem.severity !== p.severity && (
                  <h3 className={`problem-kind t-${tone}`}>
                    {p.severity === 'error' ? 'Errori: la riga resta fuori' : 'Avvertenze: la riga entra, guardala'}
                  </h3>
                )}
                <button type="button" ref={here ? chosen : null} aria-current={here} onClick={() => onPick(at[0] ?? 0)}>
                  <Shape size={16} stroke={1.7} className={`t-${tone}`} aria-hidden />
                  <span className="visually-hidden">{p.severity === 'error' ? 'errore' : 'avvertenza'}</span>
                  <span className="problem-words">
                    <span className="problem-place">
                      <b className="strong">{placeShort(shown)}</b>{' '}
                      {at.length > 1 && <span className="nowrap">e altre {formatCount(at.length - 1)}</span>}{' '}
                      {p.field !== undefined && <span className="muted">{p.field}</span>}
                      {here && (
                        <span className="muted problem-count">
                          {current + 1} di {formatCount(problems.length)}
                        </span>
                      )}
                    </span>
                    <span>
                      {p.excerpt !== undefined && p.excerpt !== '' && (
                        <code className={`chip-${tone}`}>{p.excerpt}</code>
                      )}{' '}
                      {problemText(p)}
                    </span>
                  </span>
                </button>
              </li>
            )
          })}
          {total > problems.length && (
            <li className="muted small card-body">
              {foot === null
                ? `Gli altri ${formatCount(total - problems.length)} non sono in questo elenco.`
                : `Gli altri ${formatCount(total - problems.length)} si leggono con «Esporta gli errori»; correggi questi e rileggi il file.`}
            </li>
          )}
        </ul>
      )}
    </Card>
  )
}

interface ProblemGroup {
  readonly problem: Problem
  /** Where it stands in the list, once for each row. */
  readonly at: number[]
}

/** The same problem on many rows is told once: six hundred dates gone by are one thing to know. */
function grouped(problems: readonly Problem[]): ProblemGroup[] {
  const groups = new Map<string, ProblemGroup>()
  for (const [i, p] of problems.entries()) {
    const key = JSON.stringify([p.code, p.severity, p.field, p.position?.column, p.excerpt, p.params])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { problem: p, at: [i] })
    else group.at.push(i)
  }
  return [...groups.values()]
}

function placeShort(p: Problem): string {
  const at = p.position ?? {}
  const row = at.row ?? at.line
  const parts = [row === undefined ? null : `Riga ${row}`, at.column === undefined ? null : `colonna ${at.column}`]
  return parts.filter((t) => t !== null).join(', ') || 'File'
}
