import { Button } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { IconRefresh } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import { groupIban, type Iban } from '#domain/iban'
import { problemText } from '#domain/problem'
import { ENVIRONMENTS } from '#domain/vocabulary'
import { client, orpc } from '../../client.ts'
import { DateText, TimeText } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { Card } from '../../components/Page.tsx'
import { St, ToneText } from '../../components/St.tsx'
import { useKeys } from '../../keys.ts'

type Ibans = InferContractRouterOutputs<Contract>['node']['ibans']

/** What pagoPA knows of our accounts and stations, as the Back office said when it was last asked. */
export function NodeIbans() {
  const query = useQuery(orpc.node.ibans.queryOptions())
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const refresh = async () => {
    if (busy) return
    setBusy(true)
    setError(null)
    try {
      await client.node.refreshIbans()
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  useKeys([{ keys: 'F9', label: 'aggiorna', run: () => void refresh() }])
  const said = query.data
  return (
    <Card
      title="IBAN e stazioni"
      about={said && ENVIRONMENTS[said.environment].name}
      grow
      label="IBAN e stazioni"
      actions={
        <>
          <span className="muted small">
            {said?.checkedAt ? (
              <>
                secondo pagoPA, <TimeText at={said.checkedAt} />
              </>
            ) : (
              'mai chiesti a pagoPA'
            )}
          </span>
          <Button
            variant="filled"
            loading={busy}
            leftSection={<IconRefresh size={16} stroke={1.7} aria-hidden />}
            onClick={() => void refresh()}
          >
            Aggiorna IBAN
          </Button>
        </>
      }
    >
      <ErrorNote error={error ?? query.error} />
      {said && <Said said={said} />}
    </Card>
  )
}

function Said({ said }: { readonly said: Ibans }) {
  const asked = said.checkedAt !== null
  return (
    <>
      {said.problems.map((one) => (
        <p key={`${one.code}-${JSON.stringify(one.params)}`} className="note note-warn form-note">
          {problemText(one)}
        </p>
      ))}
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">IBAN</th>
            <th scope="col">Conto</th>
            <th scope="col">Per pagoPA</th>
            <th scope="col">Vale dal</th>
            <th scope="col">Usato da</th>
          </tr>
        </thead>
        <tbody>
          {said.rows.map((row) => (
            <tr key={row.iban}>
              <td className="mono nowrap">{groupIban(row.iban as Iban)}</td>
              <td>{row.accountName ?? <span className="muted">{row.description ?? 'non è fra i conti'}</span>}</td>
              <td>{asked ? <St family="nodeIban" code={row.state} /> : <ToneText tone="neu">Non chiesto</ToneText>}</td>
              <td>{row.validFrom === null ? '·' : <DateText date={row.validFrom} />}</td>
              <td>{row.serviceTypes.length === 0 ? '·' : row.serviceTypes.join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {said.stations.length > 0 && (
        <section className="form-part node-stations">
          <div className="form-part-head">
            <h3>Stazioni e codici di segregazione</h3>
          </div>
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">Stazione</th>
                <th scope="col">Codice di segregazione</th>
                <th scope="col">Stato</th>
              </tr>
            </thead>
            <tbody>
              {said.stations.map((one) => (
                <tr key={`${one.stationCode} ${one.segregationCode}`}>
                  <td className="mono">{one.stationCode}</td>
                  <td className="mono">{one.segregationCode === '' ? '·' : one.segregationCode}</td>
                  <td>
                    <ToneText tone={one.active ? 'ok' : 'neu'}>{one.active ? 'Attiva' : 'Spenta'}</ToneText>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  )
}
