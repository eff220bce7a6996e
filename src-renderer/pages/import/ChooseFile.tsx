import { Button } from '@mantine/core'
import { IconFileSpreadsheet, IconTableDown } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { SECTIONS } from '#domain/vocabulary'
import { client, orpc } from '../../client.ts'
import { formatCount, Money, TimeText } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { FilePicker } from '../../components/FilePicker.tsx'
import { askFile, saveFile } from '../../components/files.ts'
import { Card, Page } from '../../components/Page.tsx'
import { St } from '../../components/St.tsx'
import { sayFailure } from '../../components/toast.ts'
import { useKeys } from '../../keys.ts'
import { Steps } from './Steps.tsx'

/** First step: the file, the empty tracciato, what was imported before. */
export function ChooseFile({
  onFile,
  onOpen,
}: {
  readonly onFile: (file: File) => void
  readonly onOpen: (id: number) => void
}) {
  const history = useQuery(orpc.registerImport.history.queryOptions({ input: { filters: {}, limit: 50 } }))
  const choose = async () => {
    const file = await askFile('.xlsx,.xls')
    if (file) onFile(file)
  }
  const template = () => client.registerImport.template().then(saveFile, sayFailure)
  useKeys([
    { keys: 'Ctrl+O', label: 'scegli il file', run: () => void choose() },
    { keys: 'T', label: 'scarica il tracciato', run: () => void template() },
  ])
  const rows = history.data?.rows ?? []
  return (
    <Page
      title={SECTIONS.registerImport}
      about="da una cartella di Excel"
      actions={
        <Button leftSection={<IconTableDown size={16} stroke={1.7} aria-hidden />} onClick={() => void template()}>
          Scarica il tracciato vuoto
        </Button>
      }
    >
      <Steps current={0} />
      <FilePicker
        title="Il file delle quote"
        text="Trascinalo qui: xlsx o xls nel tracciato di Quietanza, una riga per ogni somma dovuta. Viene controllato riga per riga e niente entra nei conti finché non confermi."
        accept=".xlsx,.xls"
        icon={IconFileSpreadsheet}
        keys="Ctrl+O"
        onFile={onFile}
      />
      <div className="import-history">
        <Card
          title="Importazioni"
          grow
          flush
          label="Importazioni"
          about={rows.length === 0 ? undefined : 'le più recenti in alto'}
        >
          <ErrorNote error={history.error} />
          {rows.length > 0 ? (
            <table className="plain">
              <thead>
                <tr>
                  <th>File</th>
                  <th>Quando</th>
                  <th>Operatore</th>
                  <th>Stato</th>
                  <th className="right">Righe</th>
                  <th className="right">Accertamenti</th>
                  <th className="right">Importo €</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((r) => (
                  <tr key={r.id}>
                    <td>
                      <button type="button" className="link" onClick={() => onOpen(r.id)}>
                        {r.fileName}
                      </button>
                    </td>
                    <td>
                      <TimeText at={r.at} />
                    </td>
                    <td>{r.operator}</td>
                    <td>
                      <St family="registerImport" code={r.state} />
                    </td>
                    <td className="right">{formatCount(r.rows)}</td>
                    <td className="right">{formatCount(r.accertamenti.count)}</td>
                    <td className="right">
                      <Money cents={r.accertamenti.cents} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          ) : (
            history.isSuccess && (
              <p className="card-body ink2">
                Ancora nessuna importazione. Il tracciato vuoto ha un foglio di istruzioni: compilalo con gli iscritti e
                ciò che devono, poi sceglilo qui sopra.
              </p>
            )
          )}
        </Card>
      </div>
    </Page>
  )
}
