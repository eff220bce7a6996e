import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { sum } from '#domain/money'
import { FIELDS } from '#domain/vocabulary'
import { useExercise } from '../../app-state.ts'
import { orpc } from '../../client.ts'
import { Money } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { Card } from '../../components/Page.tsx'

/** Situation of each capitolo: accertato, riscosso, da riscuotere; each sum opens the lines that make it. */
export function Capitoli() {
  const exercise = useExercise()
  const board = useQuery(orpc.dashboard.get.queryOptions({ input: { exercise } }))
  const capitoli = useQuery(orpc.capitolo.list.queryOptions({ input: { exercise } }))
  const rows = board.data?.capitoli ?? []
  const idOf = (code: string) => capitoli.data?.find((c) => c.code === code)?.id
  const total = (key: 'accertatoCents' | 'riscossoCents' | 'daRiscuotereCents') => sum(rows.map((r) => r[key]))
  return (
    <div className="register-body">
      <Card title={`Situazione dei capitoli ${exercise}`} about="entrate, competenza e residui insieme" grow flush>
        <ErrorNote error={board.error} />
        <table className="plain">
          <thead>
            <tr>
              <th>{FIELDS.capitoloShort}</th>
              <th>{FIELDS.capitolo}</th>
              <th className="right">{FIELDS.assessed} €</th>
              <th className="right">{FIELDS.collected} €</th>
              <th className="right">{FIELDS.outstanding} €</th>
              <th className="register-bar">
                <span className="visually-hidden">Quota riscossa</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((c) => {
              const id = idOf(c.code)
              const share =
                c.accertatoCents > 0 ? Math.max(0, Math.min(100, (c.riscossoCents / c.accertatoCents) * 100)) : 0
              const to = { registro: 'mastro', capitolo: id === undefined ? undefined : String(id) }
              return (
                <tr key={c.code}>
                  <td className="strong">{c.code}</td>
                  <td>
                    <Link to="/registri" search={to as never}>
                      {c.name}
                    </Link>
                  </td>
                  <td className="right">
                    <Money cents={c.accertatoCents} />
                  </td>
                  <td className="right">
                    <Money cents={c.riscossoCents} />
                  </td>
                  <td className="right">
                    <Money cents={c.daRiscuotereCents} />
                  </td>
                  <td>
                    <span className="share" aria-hidden>
                      <span style={{ width: `${share}%` }} />
                    </span>
                  </td>
                </tr>
              )
            })}
            {board.isSuccess && rows.length === 0 && (
              <tr>
                <td colSpan={6} className="muted">
                  Nell’esercizio {exercise} non c’è ancora nessun accertamento.
                </td>
              </tr>
            )}
          </tbody>
          {rows.length > 0 && (
            <tfoot>
              <tr>
                <td colSpan={2}>Totale</td>
                <td className="right">
                  <Money cents={total('accertatoCents')} />
                </td>
                <td className="right">
                  <Money cents={total('riscossoCents')} />
                </td>
                <td className="right">
                  <Money cents={total('daRiscuotereCents')} />
                </td>
                <td />
              </tr>
            </tfoot>
          )}
        </table>
      </Card>
    </div>
  )
}
