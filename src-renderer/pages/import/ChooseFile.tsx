import { Button, Loader } from '@mantine/core'
import { IconFileSpreadsheet, IconHistory, IconTableDown } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
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
import { REGISTER_FILES } from './register-words.ts'
import { Steps } from './Steps.tsx'

const LATEST = 20

/** First step: the file, the empty tracciato, what was imported lately. */
export function ChooseFile({
  looking,
  onFile,
  onOpen,
}: {
  /** The file that is being looked into, by name. */
  readonly looking: string | null
  readonly onFile: (file: File) => void
  readonly onOpen: (id: number) => void
}) {
  const navigate = useNavigate()
  const history = useQuery(orpc.registerImport.history.queryOptions({ input: { filters: {}, limit: LATEST } }))
  const choose = async () => {
    const file = await askFile(REGISTER_FILES)
    if (file) onFile(file)
  }
  const template = () => client.registerImport.template().then(saveFile, sayFailure)
  const toHistory = () => void navigate({ to: '/importa/storico' })
  useKeys([
    { keys: 'Ctrl+O', label: 'scegli il file', run: () => void choose() },
    { keys: 'T', label: 'scarica il tracciato', run: () => void template() },
    { keys: 'S', label: 'storico', run: toHistory },
  ])
  const rows = history.data?.rows ?? []
  return (
    <Page
      title={SECTIONS.registerImport}
      about="da Excel o da un testo separato"
      actions={
        <>
          <Button leftSection={<IconHistory size={16} stroke={1.7} aria-hidden />} onClick={toHistory}>
            Storico
          </Button>
          <Button leftSection={<IconTableDown size={16} stroke={1.7} aria-hidden />} onClick={() => void template()}>
            Scarica il tracciato vuoto
          </Button>
        </>
      }
    >
      <Steps current={0} />
      <FilePicker
        title="Il file delle quote"
        text="Trascinalo qui: Excel, CSV o testo, nel tracciato di Quietanza o come lo scrive il programma dell’albo. Se le colonne non si riconoscono le assegni tu, una volta sola. Niente entra nei conti finché non confermi."
        accept={REGISTER_FILES}
        icon={IconFileSpreadsheet}
        keys="Ctrl+O"
        onFile={onFile}
      />
      {looking !== null && (
        <p className="note note-info looking" role="status">
          <Loader size={14} aria-hidden /> <span>Guardo che cosa c’è in «{looking}»…</span>
        </p>
      )}
      <div className="import-history">
        <Card
          title="Importazioni"
          grow
          flush
          label="Importazioni"
          about={rows.length === 0 ? undefined : 'le più recenti in alto'}
          actions={
            (history.data?.count ?? 0) > LATEST && (
              <button type="button" className="link small" onClick={toHistory}>
                tutte le {formatCount(history.data?.count ?? 0)}
              </button>
            )
          }
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
                Ancora nessuna importazione. Scegli qui sopra il file che esce dal programma dell’albo; se non ne hai
                uno, il tracciato vuoto ha un foglio di istruzioni: compilalo con gli iscritti e ciò che devono. Oppure{' '}
                <Link to="/quote/genera">genera le quote dalle tariffe</Link>, senza un file.
              </p>
            )
          )}
        </Card>
      </div>
    </Page>
  )
}
