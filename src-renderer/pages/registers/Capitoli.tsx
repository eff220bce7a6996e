import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { sum } from '#domain/money'
import { FIELDS } from '#domain/vocabulary'
import { useExercise } from '../../app-state.ts'
import { client, orpc } from '../../client.ts'
import { formatCount, Money } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { Card } from '../../components/Page.tsx'
import { ListActions } from '../../table/ListActions.tsx'

const PRINTED = {
  visible: [
    { id: 'code', header: FIELDS.capitoloShort },
    { id: 'name', header: FIELDS.capitolo },
    { id: 'originYear', header: 'Gestione' },
    { id: 'accertamenti', header: 'Accertamenti' },
    { id: 'accertatoCents', header: `${FIELDS.assessed} €` },
    { id: 'riscossoCents', header: `${FIELDS.collected} €` },
    { id: 'daRiscuotereCents', header: `${FIELDS.outstanding} €` },
  ],
}

/** Situation of each capitolo, competenza and residui apart; each line opens the mastro that makes it. */
export function Capitoli() {
  const exercise = useExercise()
  const situation = useQuery(orpc.capitolo.situation.queryOptions({ input: { exercise } }))
  const rows = situation.data ?? []
  const total = (key: 'accertatoCents' | 'riscossoCents' | 'daRiscuotereCents', residui?: boolean) =>
    sum(rows.filter((r) => residui === undefined || r.residui === residui).map((r) => r[key]))
  const both = rows.some((r) => r.residui) && rows.some((r) => !r.residui)
  return (
    <div className="register-body">
      <Card
        title={`Situazione dei capitoli ${exercise}`}
        about="competenza e residui distinti"
        grow
        flush
        actions={
          <ListActions
            columns={PRINTED}
            title={`Situazione dei capitoli ${exercise}`}
            filters=""
            disabled={rows.length === 0}
            run={(request) => client.capitolo.exportSituation({ filters: { exercise }, ...request })}
          />
        }
      >
        <ErrorNote error={situation.error} />
        <table className="plain">
          <thead>
            <tr>
              <th>{FIELDS.capitoloShort}</th>
              <th>{FIELDS.capitolo}</th>
              <th>Gestione</th>
              <th className="right">Accertamenti</th>
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
              const share =
                c.accertatoCents > 0 ? Math.max(0, Math.min(100, (c.riscossoCents / c.accertatoCents) * 100)) : 0
              return (
                <tr key={`${c.capitoloId}-${c.originYear}`}>
                  <td className="strong">{c.code}</td>
                  <td>
                    <Link to="/registri" search={{ registro: 'mastro', capitolo: String(c.capitoloId) } as never}>
                      {c.name}
                    </Link>
                  </td>
                  <td>{c.residui ? `${FIELDS.residui} ${c.originYear}` : FIELDS.competenza}</td>
                  <td className="right">{formatCount(c.accertamenti)}</td>
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
            {situation.isSuccess && rows.length === 0 && (
              <tr>
                <td colSpan={8} className="muted">
                  Nell’esercizio {exercise} non c’è ancora nessun accertamento.
                </td>
              </tr>
            )}
          </tbody>
          {rows.length > 0 && (
            <tfoot>
              {(both ? [false, true, undefined] : [undefined]).map((residui) => (
                <tr key={String(residui)}>
                  <td colSpan={4}>{residui === undefined ? 'Totale' : residui ? FIELDS.residui : FIELDS.competenza}</td>
                  <td className="right">
                    <Money cents={total('accertatoCents', residui)} />
                  </td>
                  <td className="right">
                    <Money cents={total('riscossoCents', residui)} />
                  </td>
                  <td className="right">
                    <Money cents={total('daRiscuotereCents', residui)} />
                  </td>
                  <td />
                </tr>
              ))}
            </tfoot>
          )}
        </table>
      </Card>
    </div>
  )
}
