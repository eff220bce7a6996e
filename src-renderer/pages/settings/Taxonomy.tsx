import { Button } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { IconFileUpload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import type { FileToken } from '#domain/ports'
import { client, orpc } from '../../client.ts'
import { counted, formatCount, Mono, TimeText } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { askFile, uploadFile } from '../../components/files.ts'
import { Card } from '../../components/Page.tsx'
import { St } from '../../components/St.tsx'
import { useKeys } from '../../keys.ts'
import { TaxonomyCodes } from './TaxonomyCodes.tsx'
import { TaxonomyUpdate } from './TaxonomyUpdate.tsx'

type Preview = InferContractRouterOutputs<Contract>['taxonomy']['preview']
type Wrong = InferContractRouterOutputs<Contract>['taxonomy']['wrong'][number]

/** Codes of the collection services: those in use first, where one is not in force; the file of pagoPA brings them up to date. */
export function Taxonomy() {
  const status = useQuery(orpc.taxonomy.status.queryOptions())
  const inUse = useQuery(orpc.taxonomy.wrong.queryOptions())
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  const [update, setUpdate] = useState<(Preview & { readonly token: FileToken }) | null>(null)
  const choose = async () => {
    const file = await askFile('.json,.csv')
    if (file === null || busy) return
    setBusy(true)
    setFailure(null)
    try {
      const { token } = await uploadFile(file)
      setUpdate({ ...(await client.taxonomy.preview({ token })), token })
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(false)
    }
  }
  useKeys([{ keys: 'Ctrl+O', label: 'aggiorna da un file', run: () => void choose() }])
  const wrong = inUse.data ?? []
  return (
    <Card
      title="Tassonomia"
      about={status.data === undefined ? '' : aboutOf(status.data)}
      grow
      label="Tassonomia"
      actions={
        <Button
          variant="filled"
          loading={busy}
          leftSection={<IconFileUpload size={16} stroke={1.7} aria-hidden />}
          onClick={() => void choose()}
        >
          Aggiorna da un file…
        </Button>
      }
    >
      <div className="taxonomy">
        <p className="ink2 form-note">
          Il codice dice al nodo che cosa si incassa. pagoPA pubblica la tabella in JSON e ogni tanto la cambia: un
          codice scaduto può far rifiutare le posizioni.{' '}
          {status.data?.file === null && 'Finora valgono i 12 codici degli ordini professionali.'}
          {status.data?.file && (
            <>
              Aggiornata <TimeText at={status.data.file.at} /> da {status.data.file.operator}, dal file «
              {status.data.file.name}».
            </>
          )}
        </p>
        <ErrorNote error={failure ?? status.error ?? inUse.error} />
        {wrong.length > 0 && <WrongCodes wrong={wrong} />}
        <TaxonomyCodes />
      </div>
      {update && <TaxonomyUpdate update={update} onClose={() => setUpdate(null)} />}
    </Card>
  )
}

function aboutOf({ file, codes, expired }: InferContractRouterOutputs<Contract>['taxonomy']['status']): string {
  const many = `${formatCount(codes)} codici`
  const gone = expired === 0 ? '' : `, ${counted(expired, 'scaduto', 'scaduti')}`
  return file === null ? `${many} degli ordini` : `versione ${file.version}, ${many}${gone}`
}

/** Where they are used, with what to do. */
function WrongCodes({ wrong }: { readonly wrong: readonly Wrong[] }) {
  return (
    <section className="taxonomy-wrong" aria-label="Codici in uso da cambiare">
      <h3>Codici in uso da cambiare</h3>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">Codice</th>
            <th scope="col">Stato</th>
            <th scope="col">Tipi di dovuto</th>
            <th scope="col" className="right">
              Posizioni aperte
            </th>
          </tr>
        </thead>
        <tbody>
          {wrong.map((one) => (
            <tr key={one.code} className="tall">
              <td>
                <Mono>{one.code}</Mono>
                <div className="small ink2 taxonomy-why">{one.warning}</div>
              </td>
              <td>
                <St family="taxonomy" code={one.state} />
              </td>
              <td>
                {one.types.length === 0 ? (
                  <span className="muted">nessuno</span>
                ) : (
                  <Link to="/impostazioni/$voce" params={{ voce: 'tipi' }}>
                    {one.types.map(({ name }) => name).join(', ')}
                  </Link>
                )}
              </td>
              <td className="num">{formatCount(one.openPositions)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
