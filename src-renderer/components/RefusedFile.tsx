import { Button } from '@mantine/core'
import { IconCircleCheck, IconCopy, IconFileAlert, IconFolderOpen } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { PROBLEMS, problemPlace, problemReport } from '#domain/problem'
import { callIdOf, errorText, problemsOf } from '../problems.ts'

/** A refused file (picture 12a): what, where with the excerpt, what to do, what did not happen, code small. */
export function RefusedFile({
  error,
  fileName,
  onOther,
  more,
}: {
  readonly error: unknown
  readonly fileName: string
  readonly onOther: () => void
  /** Further ways out, as list items. */
  readonly more?: ReactNode
}) {
  const problems = problemsOf(error)
  const first = problems[0]
  const entry = first && (PROBLEMS[first.code] as { text(p: never): string; remedy(p: never): string })
  const title = entry && first ? entry.text(first.params as never) : errorText(error)
  const remedy = entry && first ? entry.remedy(first.params as never) : 'Riprova; se succede ancora copia il messaggio.'
  const copy = () =>
    void navigator.clipboard.writeText(
      problems.length > 0 ? problems.map(problemReport).join('\n\n') : errorText(error),
    )
  return (
    <div className="refused">
      <section className="card refused-card" role="alert">
        <IconFileAlert size={26} stroke={1.6} className="t-bad" aria-hidden />
        <div>
          <h2>{title}</h2>
          {first && <p className="ink2">{problemPlace(first) || fileName}</p>}
          {first?.excerpt !== undefined && <pre className="excerpt">{first.excerpt}</pre>}
          <h3>Che cosa fare</h3>
          <ol>
            {remedy !== '' && <li>{remedy}</li>}
            {more}
          </ol>
          <div className="refused-actions">
            <Button variant="filled" leftSection={<IconFolderOpen size={16} stroke={1.7} />} onClick={onOther}>
              Scegli un altro file…
            </Button>
            <Button leftSection={<IconCopy size={16} stroke={1.7} />} onClick={copy}>
              Copia il messaggio
            </Button>
          </div>
        </div>
      </section>
      <p className="refused-foot">
        <span className="st t-ok">
          <IconCircleCheck size={14} stroke={1.7} aria-hidden /> Niente è entrato nei conti
        </span>
        <span className="muted">
          Codice <code className="mono">{first?.code ?? callIdOf(error) ?? 'sconosciuto'}</code>
        </span>
        {problems.length > 1 && <span className="muted">e altri {problems.length - 1} problemi</span>}
      </p>
    </div>
  )
}
