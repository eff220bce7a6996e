import { Button, Checkbox } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { IconArrowRight, IconFileExport, IconRefresh, IconShieldCheck } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import type { Contract } from '#contract/contract'
import { formatDate, romeDate } from '#domain/date'
import { formatCents } from '#domain/money'
import { SECTIONS } from '#domain/vocabulary'
import { client } from '../../client.ts'
import { counted, formatCount, Money } from '../../components/cells.tsx'
import { saveFile } from '../../components/files.ts'
import { Page } from '../../components/Page.tsx'
import { ToneText } from '../../components/St.tsx'
import { say, sayFailure } from '../../components/toast.ts'
import { startJob } from '../../jobs/jobs.ts'
import { useKeys } from '../../keys.ts'
import { useUrlState } from '../../url-state.ts'
import { ColumnsSheet } from './ColumnsSheet.tsx'
import { ConfirmImport } from './ConfirmImport.tsx'
import { PreviewTable, type Shown } from './PreviewTable.tsx'
import { ProblemList } from './ProblemList.tsx'
import { profileName } from './register-words.ts'
import { Steps } from './Steps.tsx'
import { UndoImport } from './UndoImport.tsx'

type Summary = InferContractRouterOutputs<Contract>['registerImport']['get']

/** Third step: counts, preview with the wrong cells framed, the list of problems; then the confirm. */
export function CheckImport({
  summary,
  onReread,
  onLeave,
}: {
  readonly summary: Summary
  readonly onReread: () => void
  readonly onLeave: () => void
}) {
  const navigate = useNavigate()
  const [url] = useUrlState()
  const [current, setCurrent] = useState(0)
  const [shown, setShown] = useState<Shown>('all')
  const [columnsOpen, setColumnsOpen] = useState(false)
  const [asking, setAsking] = useState<'all' | 'goodOnly' | 'undo' | null>(null)
  const problems = summary.problems.first
  const pending = summary.state === 'pending'
  const entering = summary.accertamenti.count
  const readAlready = url.gia !== undefined && summary.state === 'confirmed'
  const blocked = summary.error > 0
  const read = summary.columns.filter((c) => c.field !== null).length
  const unread = summary.columns.length - read
  const ticked = pending ? entering - summary.good.count - summary.warning.count : 0
  const jump = (step: number) => {
    if (problems.length > 0) setCurrent((current + step + problems.length) % problems.length)
  }
  const exportErrors = () => client.registerImport.exportErrors({ id: summary.id }).then(saveFile, sayFailure)
  const discard = async () => {
    try {
      await client.registerImport.discard({ id: summary.id })
      onLeave()
    } catch (error) {
      sayFailure(error)
    }
  }
  const confirm = (goodOnly: boolean) =>
    void startJob({
      title: 'Importo le quote',
      subtitle: summary.fileName,
      unit: 'righe',
      cancelWord: 'Annulla importazione',
      cancelNote: 'Se annulli non resta niente nei conti',
      run: (signal) => client.registerImport.confirm({ id: summary.id, goodOnly }, { signal }),
      onDone: (result) => {
        say(
          `${counted(result.accertamenti.count, 'accertamento importato', 'accertamenti importati')}, dal n. ${formatCount(result.firstNumber)} al n. ${formatCount(result.lastNumber)} del ${result.exercise}.`,
        )
        void navigate({ to: '/accertamenti', search: { importazione: String(summary.id) } as never })
      },
      onCancelled: (reached) => say(`Importazione annullata (${reached}): niente è entrato nei conti.`),
    })
  useKeys([
    { keys: 'F8', label: 'problema successivo', run: () => jump(1) },
    { keys: 'Shift+F8', label: 'precedente', run: () => jump(-1) },
    ...(pending ? [{ keys: 'Enter', label: 'correggi la cella' }] : []),
    { keys: 'F5', label: 'rileggi il file', run: onReread },
    { keys: 'Escape', label: pending ? 'lascia senza importare' : 'torna alle importazioni', run: onLeave },
    ...(pending && !blocked ? [{ keys: 'Ctrl+Enter', label: 'conferma…', run: () => setAsking('all') }] : []),
  ])
  return (
    <Page
      title={SECTIONS.registerImport}
      back="/importa"
      about={`${summary.fileName}${summary.sheet === null ? '' : ` · foglio «${summary.sheet}»`} · ${counted(summary.rows, 'riga', 'righe')}`}
      actions={
        pending ? (
          <>
            <Button leftSection={<IconRefresh size={16} stroke={1.7} aria-hidden />} onClick={onReread}>
              Rileggi il file
            </Button>
            <Button
              leftSection={<IconFileExport size={16} stroke={1.7} aria-hidden />}
              disabled={problems.length === 0}
              onClick={() => void exportErrors()}
            >
              Esporta gli errori
            </Button>
            {blocked && (
              <span className="t-bad strong small">{counted(summary.error, 'errore', 'errori')} da correggere</span>
            )}
            {!blocked && entering === 0 && <span className="ink2 small">nessuna riga da importare</span>}
            <Button
              variant="filled"
              disabled={blocked || entering === 0}
              rightSection={<IconArrowRight size={16} stroke={1.7} aria-hidden />}
              onClick={() => setAsking('all')}
            >
              Conferma importazione…
            </Button>
          </>
        ) : (
          <>
            {summary.state === 'confirmed' && (
              <Button className="danger" onClick={() => setAsking('undo')}>
                Disfa l’importazione…
              </Button>
            )}
            <Button
              variant="filled"
              onClick={() =>
                void navigate({ to: '/accertamenti', search: { importazione: String(summary.id) } as never })
              }
            >
              Vedi gli accertamenti
            </Button>
          </>
        )
      }
    >
      <Steps
        current={pending ? 2 : 4}
        right={
          <>
            Tracciato riconosciuto: <b className="strong">{profileName(summary.profile)}</b> ·{' '}
            <button type="button" className="link" onClick={() => setColumnsOpen(true)}>
              {counted(read, 'colonna letta', 'colonne lette')}
              {unread > 0 ? `, ${formatCount(unread)} no` : ''}
            </button>
          </>
        }
      />
      {!pending && (
        <p className={`note ${summary.state === 'confirmed' ? 'note-info' : 'note-warn'} import-said`}>
          <span>{saidOf(summary, readAlready)}</span>
        </p>
      )}
      <div className="import-body">
        <div className="import-left">
          <ul className="card import-counts" aria-label="Conteggi">
            <Count tone="ok" label="Pronte" count={summary.good.count} cents={summary.good.cents} />
            <Count tone="bad" label="Con errori, restano fuori" count={summary.error} />
            <Count
              tone="warn"
              label="Con avvertenze, entrano"
              count={summary.warning.count}
              cents={summary.warning.cents}
            />
            <Count
              tone="neu"
              label={ticked > 0 ? 'Già importate' : 'Già importate, saltate'}
              count={summary.already}
              {...(summary.already > 0 && pending
                ? {
                    more: (
                      <button type="button" className="link" onClick={() => setShown('already')}>
                        {ticked > 0 ? `${formatCount(ticked)} si importano lo stesso` : 'scegli quali importare'}
                      </button>
                    ),
                  }
                : {})}
            />
          </ul>
          <div className="import-preview-head">
            <span>
              <b className="strong">Anteprima</b>{' '}
              <span className="muted small">
                {shown === 'already'
                  ? 'spunta le righe da importare lo stesso: diventano dovuti nuovi'
                  : 'lettera e titolo delle colonne del file'}
              </span>
            </span>
            <span className="import-shown">
              {summary.already > 0 && (
                <Checkbox
                  label="Solo già importate"
                  checked={shown === 'already'}
                  onChange={(e) => setShown(e.currentTarget.checked ? 'already' : 'all')}
                />
              )}
              <Checkbox
                label="Solo righe con problemi"
                checked={shown === 'problems'}
                onChange={(e) => setShown(e.currentTarget.checked ? 'problems' : 'all')}
              />
            </span>
          </div>
          <PreviewTable key={shown} summary={summary} shown={shown} problem={problems[current] ?? null} />
        </div>
        <ProblemList
          problems={problems}
          total={summary.problems.total}
          current={current}
          onPick={setCurrent}
          foot={
            pending ? (
              <>
                <IconShieldCheck size={18} stroke={1.6} className="t-acc" aria-hidden />
                <p>
                  Niente è ancora entrato nei conti.
                  {blocked && entering > 0 && (
                    <>
                      {' '}
                      Correggi nel file e rileggilo, oppure{' '}
                      <button type="button" className="link" onClick={() => setAsking('goodOnly')}>
                        {entering === 1
                          ? 'importa solo la riga buona'
                          : `importa solo le ${formatCount(entering)} righe buone`}
                      </button>
                      .
                    </>
                  )}{' '}
                  Non serve più?{' '}
                  <button type="button" className="link" onClick={() => void discard()}>
                    Scarta questa lettura
                  </button>
                  .
                </p>
              </>
            ) : null
          }
        />
      </div>
      <ConfirmImport
        summary={summary}
        mode={asking === 'all' || asking === 'goodOnly' ? asking : null}
        onClose={() => setAsking(null)}
        onConfirm={(goodOnly) => confirm(goodOnly)}
      />
      <ColumnsSheet
        opened={columnsOpen}
        onClose={() => setColumnsOpen(false)}
        profile={summary.profile}
        columns={summary.columns}
      />
      <UndoImport opened={asking === 'undo'} summary={summary} onClose={() => setAsking(null)} />
    </Page>
  )
}

/** What became of an import that is no longer to be confirmed. */
function saidOf(summary: Summary, readAgain: boolean): string {
  const day = formatDate(romeDate(summary.at))
  if (summary.state === 'confirmed') {
    const what = `${counted(summary.accertamenti.count, 'accertamento', 'accertamenti')} per ${formatCents(summary.accertamenti.cents)} €`
    return readAgain
      ? `Questo file è già stato importato il ${day} da ${summary.operator}: ${what}. Rileggerlo non aggiunge niente.`
      : `Importato il ${day} da ${summary.operator}: ${what}.`
  }
  if (summary.state === 'undone') {
    return `Importazione del ${day}, disfatta: gli accertamenti sono annullati. Lo stesso file si può importare di nuovo.`
  }
  return `Lettura del ${day}, lasciata: niente è entrato nei conti. Lo stesso file si può leggere di nuovo.`
}

function Count({
  tone,
  label,
  count,
  cents,
  more,
}: {
  readonly tone: 'ok' | 'bad' | 'warn' | 'neu'
  readonly label: string
  readonly count: number
  readonly cents?: number
  readonly more?: ReactNode
}) {
  return (
    <li>
      <ToneText tone={tone}>{label}</ToneText>
      <span>
        <b className="import-figure">{formatCount(count)}</b>{' '}
        {cents !== undefined && cents > 0 && (
          <span className="ink2">
            <Money cents={cents} euro />
          </span>
        )}
        {more !== undefined && <span className="small">{more}</span>}
      </span>
    </li>
  )
}
