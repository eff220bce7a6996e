import { Button, Modal } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { problemPlace, problemText } from '#domain/problem'
import { client } from '../../client.ts'
import { counted, formatCount, Mono } from '../../components/cells.tsx'
import { useFileDrop } from '../../components/file-drop.ts'
import { askFiles, uploadFile } from '../../components/files.ts'
import { ScrollBox } from '../../components/ScrollBox.tsx'
import { ToneText } from '../../components/St.tsx'
import { startJob } from '../../jobs/jobs.ts'
import { useKeys } from '../../keys.ts'

type Beats = Awaited<ReturnType<typeof client.intake.import>>
type Intake = Extract<Awaited<ReturnType<Beats['next']>>, { done: true }>['value']

/** Only what the chooser shows at first: each file is known by its content. */
const EVIDENCE_FILES = '.xml,.json,.zip,.csv,.txt,.xls,.xlsx,application/xml,text/xml'

const OUTCOMES = {
  added: { word: 'Importato', tone: 'ok' },
  newVersion: { word: 'Nuova versione', tone: 'info' },
  already: { word: 'Già presente', tone: 'neu' },
  otherReceiver: { word: 'Di un altro ente', tone: 'warn' },
  refused: { word: 'Rifiutato', tone: 'bad' },
  toLoad: { word: 'Da controllare', tone: 'unc' },
} as const

const KINDS = { flow: 'Flusso', receipt: 'Ricevuta', statement: 'Estratto conto', unknown: '·' } as const

/** Rows shown of a result: the bad ones first, so that thousands of receipts do not hide them. */
const SHOWN = 300

/** Hands the files over one by one, then reads them all; cancelling leaves those already read in the books. */
function bringFiles(files: readonly File[], onDone: (result: Intake) => void): void {
  if (files.length === 0) return
  void startJob<Intake>({
    title: 'Importo flussi e ricevute',
    subtitle: counted(files.length, 'file', 'file'),
    unit: 'file',
    cancelWord: 'Annulla importazione',
    cancelNote: 'Quelli già letti restano; gli altri si possono importare dopo.',
    run: async (signal) => {
      const tokens = []
      for (const file of files) {
        signal.throwIfAborted()
        tokens.push((await uploadFile(file)).token)
      }
      return client.intake.import({ tokens }, { signal })
    },
    onDone,
  })
}

/** Evidence chosen (Ctrl O) or dropped on the page; `over` lies above it: where to drop, then what became of each file. */
export function useEvidenceFiles(what: 'flussi' | 'ricevute'): {
  readonly choose: () => void
  readonly over: ReactNode
} {
  const [outcome, setOutcome] = useState<Intake | null>(null)
  const take = (files: readonly File[]) => bringFiles(files, setOutcome)
  const choose = () => void askFiles(EVIDENCE_FILES).then(take)
  const held = useFileDrop(take)
  useKeys([{ keys: 'Ctrl+O', label: `importa ${what}…`, run: choose }])
  const over = (
    <>
      {held && (
        <div className="drop-veil">Lascia qui {what === 'flussi' ? 'i flussi' : 'le ricevute'}, anche in uno zip</div>
      )}
      {outcome && <IntakeResult result={outcome} onClose={() => setOutcome(null)} />}
    </>
  )
  return { choose, over }
}

const BADNESS = { refused: 0, toLoad: 1, otherReceiver: 2, newVersion: 3, added: 4, already: 5 } as const

/** What became of each file: reading it is enough, but statements wait to be opened. */
function IntakeResult({ result, onClose }: { readonly result: Intake; readonly onClose: () => void }) {
  const navigate = useNavigate()
  const count = (kind: keyof typeof KINDS | null, ...outcomes: (keyof typeof OUTCOMES)[]) =>
    result.files.filter((f) => (kind === null || f.kind === kind) && outcomes.includes(f.outcome)).length
  const parts = [
    [count('flow', 'added', 'otherReceiver'), 'flusso importato', 'flussi importati'],
    [count('flow', 'newVersion'), 'nuova versione', 'nuove versioni'],
    [count('receipt', 'added'), 'ricevuta importata', 'ricevute importate'],
    [count(null, 'already'), 'file già presente', 'file già presenti'],
    [count('statement', 'toLoad'), 'estratto conto da controllare', 'estratti conto da controllare'],
    [count(null, 'refused'), 'file rifiutato', 'file rifiutati'],
  ] as const
  const words = parts.filter(([n]) => n > 0).map(([n, one, many]) => counted(n, one, many))
  const files = result.files.toSorted((a, b) => BADNESS[a.outcome] - BADNESS[b.outcome])
  return (
    <Modal opened onClose={onClose} title="File letti" size={820} closeButtonProps={{ 'aria-label': 'Chiudi' }}>
      <p className="ink2">{words.length === 0 ? 'Nessun file.' : `${words.join(', ')}.`}</p>
      <ScrollBox className="outcome-list" label="Esito di ogni file">
        <table className="plain">
          <thead>
            <tr>
              <th>File</th>
              <th>Che cos’è</th>
              <th>Riferimento</th>
              <th>Esito</th>
            </tr>
          </thead>
          <tbody>
            {files.slice(0, SHOWN).map((file, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the order is that of the files
              <tr key={i}>
                <td className="outcome-name">{file.name}</td>
                <td>{KINDS[file.kind]}</td>
                <td>
                  <Mono>{file.reference}</Mono>
                </td>
                <td className="outcome-words">
                  <ToneText tone={OUTCOMES[file.outcome].tone}>{OUTCOMES[file.outcome].word}</ToneText>
                  {file.statementToken !== null && (
                    <p>
                      <Button
                        onClick={() =>
                          void navigate({
                            to: '/estratti-conto/carica',
                            search: { file: file.statementToken, nome: file.name } as never,
                          })
                        }
                      >
                        Controlla e carica…
                      </Button>
                    </p>
                  )}
                  {file.problems.slice(0, 4).map((p, n) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: the order is the file's
                    <p key={n} className="small">
                      {problemPlace({ ...p, file: '' }) !== '' && (
                        <b className="strong">{problemPlace({ ...p, file: '' })}: </b>
                      )}
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
            {files.length > SHOWN && (
              <tr>
                <td colSpan={4} className="muted">
                  e altri {formatCount(files.length - SHOWN)}, tutti senza problemi.
                </td>
              </tr>
            )}
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
