import { Button, Modal } from '@mantine/core'
import { problemPlace, problemText } from '#domain/problem'
import { client } from '../../client.ts'
import { counted, formatCount, Mono } from '../../components/cells.tsx'
import { uploadFile } from '../../components/files.ts'
import { ScrollBox } from '../../components/ScrollBox.tsx'
import { ToneText } from '../../components/St.tsx'
import { startJob } from '../../jobs/jobs.ts'

type Beats = Awaited<ReturnType<typeof client.reportingFlow.import>>
export type FlowImport = Extract<Awaited<ReturnType<Beats['next']>>, { done: true }>['value']

const OUTCOMES = {
  added: { word: 'Importato', tone: 'ok' },
  newVersion: { word: 'Nuova versione', tone: 'info' },
  already: { word: 'Già presente', tone: 'neu' },
  otherReceiver: { word: 'Di un altro ente', tone: 'warn' },
  refused: { word: 'Rifiutato', tone: 'bad' },
} as const

/** Hands the files over one by one, then reads them all; cancelling leaves those already read in the books. */
export function importFlows(files: readonly File[], onDone: (result: FlowImport) => void): void {
  void startJob<FlowImport>({
    title: 'Importo i flussi di rendicontazione',
    subtitle: counted(files.length, 'file', 'file'),
    unit: 'file',
    cancelWord: 'Annulla importazione',
    cancelNote: 'I flussi già letti restano; gli altri si possono importare dopo.',
    run: async (signal) => {
      const tokens = []
      for (const file of files) {
        signal.throwIfAborted()
        tokens.push((await uploadFile(file)).token)
      }
      return client.reportingFlow.import({ tokens }, { signal })
    },
    onDone,
  })
}

/** What became of each file: reading it is enough, nothing is asked. */
export function ImportOutcome({ result, onClose }: { readonly result: FlowImport; readonly onClose: () => void }) {
  const parts = [
    [result.added, 'importato', 'importati'],
    [result.newVersions, 'nuova versione', 'nuove versioni'],
    [result.already, 'già presente', 'già presenti'],
    [result.refused, 'rifiutato', 'rifiutati'],
  ] as const
  const words = parts.filter(([n]) => n > 0).map(([n, one, many]) => counted(n, one, many))
  return (
    <Modal opened onClose={onClose} title="Flussi letti" size={760} closeButtonProps={{ 'aria-label': 'Chiudi' }}>
      <p className="ink2">{words.length === 0 ? 'Nessun flusso.' : `${words.join(', ')}.`}</p>
      <ScrollBox className="outcome-list" label="Esito di ogni file">
        <table className="plain">
          <thead>
            <tr>
              <th>File</th>
              <th>Flusso</th>
              <th>Esito</th>
            </tr>
          </thead>
          <tbody>
            {result.files.map((file, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the order is that of the files
              <tr key={i}>
                <td className="outcome-name">{file.name}</td>
                <td>
                  <Mono>{file.flowId}</Mono>
                </td>
                <td className="outcome-words">
                  <ToneText tone={OUTCOMES[file.outcome].tone}>{OUTCOMES[file.outcome].word}</ToneText>
                  {file.problems.slice(0, 4).map((p, n) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: the order is the file's
                    <p key={n} className="small">
                      {problemPlace(p) !== '' && <b className="strong">{problemPlace(p)}: </b>}
                      {p.excerpt !== undefined && p.excerpt !== '' && <code className="chip-bad">{p.excerpt}</code>}{' '}
                      {problemText(p)}
                    </p>
                  ))}
                  {file.problems.length > 4 && (
                    <p className="small muted">e altri {formatCount(file.problems.length - 4)}.</p>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
      <div className="dialog-foot inset">
        <span className="muted small">I file rifiutati non sono entrati nei conti, nemmeno in parte.</span>
        <Button variant="filled" onClick={onClose} data-autofocus>
          Torna all’elenco
        </Button>
      </div>
    </Modal>
  )
}
