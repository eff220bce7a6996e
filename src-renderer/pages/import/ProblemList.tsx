import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { type Problem, problemText } from '#domain/problem'
import { counted, formatCount } from '../../components/cells.tsx'
import { Card } from '../../components/Page.tsx'

/** Problems by row and column, errors before warnings: what it reads in a chip, then the sentence and the remedy. */
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
          {problems.map((p, i) => {
            const Shape = p.severity === 'error' ? IconCircleX : IconAlertTriangle
            const tone = p.severity === 'error' ? 'bad' : 'warn'
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: the order is the file's
              <li key={i}>
                {(i === 0 || problems[i - 1]?.severity !== p.severity) && (
                  <h3 className={`problem-kind t-${tone}`}>
                    {p.severity === 'error' ? 'Errori: la riga resta fuori' : 'Avvertenze: la riga entra, guardala'}
                  </h3>
                )}
                <button
                  type="button"
                  ref={i === current ? chosen : null}
                  aria-current={i === current}
                  onClick={() => onPick(i)}
                >
                  <Shape size={16} stroke={1.7} className={`t-${tone}`} aria-hidden />
                  <span className="visually-hidden">{p.severity === 'error' ? 'errore' : 'avvertenza'}</span>
                  <span className="problem-words">
                    <span className="problem-place">
                      <b className="strong">{placeShort(p)}</b>{' '}
                      {p.field !== undefined && <span className="muted">{p.field}</span>}
                      {i === current && (
                        <span className="muted problem-count">
                          {i + 1} di {formatCount(problems.length)}
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

function placeShort(p: Problem): string {
  const at = p.position ?? {}
  const row = at.row ?? at.line
  const parts = [row === undefined ? null : `Riga ${row}`, at.column === undefined ? null : `colonna ${at.column}`]
  return parts.filter((t) => t !== null).join(', ') || 'File'
}
