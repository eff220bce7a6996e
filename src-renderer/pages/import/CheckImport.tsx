import { Button } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { type Icon, IconArrowRight, IconFileExport, IconRefresh, IconUserPlus } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useMemo, useState } from 'react'
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
import { Views, type ViewTab } from '../../components/Views.tsx'
import { startJob } from '../../jobs/jobs.ts'
import { useKeys } from '../../keys.ts'
import { useUrlState } from '../../url-state.ts'
import { CarriedOver } from './CarriedOver.tsx'
import { CheckFoot } from './CheckFoot.tsx'
import { ColumnsSheet } from './ColumnsSheet.tsx'
import { ConfirmImport } from './ConfirmImport.tsx'
import { Differences } from './Differences.tsx'
import { PreviewTable, type Shown } from './PreviewTable.tsx'
import { ProblemList } from './ProblemList.tsx'
import { useProfileName } from './profile-name.ts'
import { Steps } from './Steps.tsx'
import { UndoImport } from './UndoImport.tsx'

type Summary = InferContractRouterOutputs<Contract>['registerImport']['get']
type View = Shown | 'people'

/** Third step: counts, preview with the wrong cells framed, the list of problems, what changes of people; then the confirm. */
export function CheckImport({
  summary,
  onReread,
  onColumns,
  onLeave,
}: {
  readonly summary: Summary
  readonly onReread: () => void
  /** Back to the columns; not where the file is no longer at hand. */
  readonly onColumns: (() => void) | null
  readonly onLeave: () => void
}) {
  const navigate = useNavigate()
  const [url] = useUrlState()
  const [current, setCurrent] = useState(0)
  const [chosen, setChosen] = useState<View>('all')
  const [columnsOpen, setColumnsOpen] = useState(false)
  const [asking, setAsking] = useState<'all' | 'goodOnly' | 'undo' | null>(null)
  const profileName = useProfileName()
  const problems = useMemo(
    () => [
      ...summary.problems.first.filter((p) => p.severity === 'error'),
      ...summary.problems.first.filter((p) => p.severity === 'warning'),
    ],
    [summary.problems.first],
  )
  const pending = summary.state === 'pending'
  const people = summary.purpose === 'people'
  const entering = people ? summary.good.count + summary.warning.count : summary.accertamenti.count
  const readAlready = url.gia !== undefined && summary.state === 'confirmed'
  const blocked = summary.error > 0
  const read = summary.columns.filter((c) => c.field !== null).length
  const unread = summary.columns.length - read
  const ticked = pending ? Math.max(0, summary.accertamenti.count - summary.good.count - summary.warning.count) : 0
  const views: readonly (ViewTab & { readonly id: View })[] = [
    { id: 'all', label: 'Tutte le righe', count: summary.rows },
    { id: 'problems', label: 'Con problemi', count: summary.error + summary.warning.count },
    ...(summary.already > 0 ? [{ id: 'already' as const, label: 'Già importate', count: summary.already }] : []),
    ...(summary.leftOut > 0 ? [{ id: 'left' as const, label: 'Lasciate fuori', count: summary.leftOut }] : []),
    ...(pending && summary.differences.people > 0
      ? [{ id: 'people' as const, label: 'Persone da aggiornare', count: summary.differences.people }]
      : []),
  ]
  const view = views.some((v) => v.id === chosen) ? chosen : 'all'
  const jump = (step: number) => {
    if (problems.length === 0) return
    if (view === 'people' || view === 'left') setChosen('all')
    setCurrent((current + step + problems.length) % problems.length)
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
      title: people ? 'Importo le persone' : 'Importo le quote',
      subtitle: summary.fileName,
      unit: 'righe',
      cancelWord: 'Annulla importazione',
      cancelNote: 'Se annulli non resta niente nei conti',
      run: (signal) => client.registerImport.confirm({ id: summary.id, goodOnly }, { signal }),
      onDone: (result) => {
        const said = [
          result.exercise === null
            ? 'Importazione fatta'
            : `${counted(result.accertamenti.count, 'accertamento importato', 'accertamenti importati')}, dal n. ${formatCount(result.firstNumber)} al n. ${formatCount(result.lastNumber)} del ${result.exercise}`,
          ...(result.people > 0 ? [counted(result.people, 'persona nuova', 'persone nuove')] : []),
          ...(result.updatedPeople > 0
            ? [counted(result.updatedPeople, 'persona aggiornata', 'persone aggiornate')]
            : []),
        ]
        say(`${said.join('; ')}.`)
        if (result.exercise === null) void navigate({ to: '/persone' })
        else void navigate({ to: '/accertamenti', search: { importazione: String(summary.id) } as never })
      },
      onCancelled: (reached) => say(`Importazione annullata (${reached}): niente è entrato nei conti.`),
    })
  useKeys([
    { keys: 'F8', label: 'problema successivo', run: () => jump(1) },
    { keys: 'Shift+F8', label: 'precedente', run: () => jump(-1) },
    ...(pending && view !== 'people'
      ? [
          { keys: 'Enter', label: 'correggi la cella' },
          { keys: 'Delete', label: 'lascia fuori' },
        ]
      : []),
    { keys: 'F5', label: 'rileggi il file', run: onReread },
    { keys: 'Escape', label: pending ? 'lascia senza importare' : 'torna alle importazioni', run: onLeave },
    ...(pending && !blocked
      ? [{ keys: 'Ctrl+Enter', label: 'conferma…', run: () => entering > 0 && setAsking('all') }]
      : []),
  ])
  return (
    <Page
      title={SECTIONS.registerImport}
      back="/importa"
      about={`${summary.fileName}${summary.sheet === null || summary.sheet === '' ? '' : ` · foglio «${summary.sheet}»`} · ${counted(summary.rows, 'riga', 'righe')}`}
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
            <Button
              onClick={() => void navigate({ to: '/importa/storico', search: { sel: String(summary.id) } as never })}
            >
              Storico
            </Button>
            {summary.state === 'confirmed' && (
              <Button className="danger" onClick={() => setAsking('undo')}>
                Disfa l’importazione…
              </Button>
            )}
            {people ? (
              <Button variant="filled" onClick={() => void navigate({ to: '/persone' })}>
                Vedi le persone
              </Button>
            ) : (
              <Button
                variant="filled"
                onClick={() =>
                  void navigate({ to: '/accertamenti', search: { importazione: String(summary.id) } as never })
                }
              >
                Vedi gli accertamenti
              </Button>
            )}
          </>
        )
      }
    >
      <Steps
        current={pending ? 2 : 4}
        right={
          <>
            Letto come <b className="strong">«{profileName(summary.profile)}»</b> ·{' '}
            <button type="button" className="link" onClick={() => setColumnsOpen(true)}>
              {counted(read, 'colonna letta', 'colonne lette')}
              {unread > 0 ? `, ${formatCount(unread)} no` : ''}
            </button>
            {onColumns !== null && pending && (
              <>
                {' · '}
                <button type="button" className="link" onClick={onColumns}>
                  cambia
                </button>
              </>
            )}
          </>
        }
      />
      {!pending && (
        <p className={`note ${summary.state === 'confirmed' ? 'note-info' : 'note-warn'} import-said`}>
          <span>{saidOf(summary, readAlready)}</span>
        </p>
      )}
      {pending && summary.carried !== null && <CarriedOver carried={summary.carried} />}
      <ul className="card import-counts import-five" aria-label="Conteggi">
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
                  <button type="button" className="link" onClick={() => setChosen('already')}>
                    {ticked > 0 ? `${formatCount(ticked)} si importano lo stesso` : 'scegli quali importare'}
                  </button>
                ),
              }
            : {})}
        />
        <Count
          tone="neu"
          icon={IconUserPlus}
          label={pending ? 'Persone nuove' : 'Persone create'}
          count={summary.newPeople}
          {...(pending && summary.differences.people > 0
            ? {
                more: (
                  <button type="button" className="link" onClick={() => setChosen('people')}>
                    {counted(summary.differences.people, 'da aggiornare', 'da aggiornare')}
                  </button>
                ),
              }
            : {})}
        />
      </ul>
      <Views label="Righe" tabs={views} value={view} onChange={(id) => setChosen(id as View)} right={HINTS[view]} />
      <div className="import-body">
        {view === 'people' ? (
          <Differences summary={summary} />
        ) : (
          <>
            <div className="import-left">
              <PreviewTable key={view} summary={summary} shown={view} problem={problems[current] ?? null} />
            </div>
            <ProblemList
              problems={problems}
              total={summary.problems.total}
              current={current}
              onPick={setCurrent}
              foot={
                pending ? (
                  <CheckFoot
                    blocked={blocked}
                    entering={entering}
                    onGoodOnly={() => setAsking('goodOnly')}
                    onDiscard={() => void discard()}
                  />
                ) : null
              }
            />
          </>
        )}
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
        profile={profileName(summary.profile)}
        columns={summary.columns}
        onColumns={pending ? onColumns : null}
      />
      <UndoImport
        opened={asking === 'undo'}
        id={summary.id}
        fileName={summary.fileName}
        leave="Torna all’importazione"
        onClose={() => setAsking(null)}
      />
    </Page>
  )
}

const HINTS: Readonly<Record<View, ReactNode>> = {
  all: <span className="muted small">lettera e titolo delle colonne del file</span>,
  problems: <span className="muted small">Invio corregge la cella, Canc lascia fuori la riga</span>,
  already: <span className="muted small">spunta le righe da importare lo stesso: diventano dovuti nuovi</span>,
  left: <span className="muted small">Canc le rimette</span>,
  people: <span className="muted small">il file dice altro di persone già in archivio</span>,
}

/** What became of an import that is no longer to be confirmed. */
function saidOf(summary: Summary, readAgain: boolean): string {
  const day = formatDate(romeDate(summary.at))
  if (summary.state === 'confirmed') {
    const what =
      summary.purpose === 'people'
        ? counted(summary.newPeople, 'persona nuova', 'persone nuove')
        : `${counted(summary.accertamenti.count, 'accertamento', 'accertamenti')} per ${formatCents(summary.accertamenti.cents)} €`
    return readAgain
      ? `Questo file è già stato importato il ${day} da ${summary.operator}: ${what}. Rileggerlo non aggiunge niente.`
      : `Importato il ${day} da ${summary.operator}: ${what}.`
  }
  if (summary.state === 'undone') {
    return `Importazione del ${day}, disfatta${summary.purpose === 'dues' ? ': gli accertamenti sono annullati' : ''}. Lo stesso file si può importare di nuovo.`
  }
  return `Lettura del ${day}, lasciata: niente è entrato nei conti. Lo stesso file si può leggere di nuovo.`
}

function Count({
  tone,
  icon: Shape,
  label,
  count,
  cents,
  more,
}: {
  readonly tone: 'ok' | 'bad' | 'warn' | 'neu'
  /** In place of the tone's own. */
  readonly icon?: Icon
  readonly label: string
  readonly count: number
  readonly cents?: number
  readonly more?: ReactNode
}) {
  return (
    <li>
      {Shape === undefined ? (
        <ToneText tone={tone}>{label}</ToneText>
      ) : (
        <span className={`st t-${tone}`}>
          <Shape size={14} stroke={1.7} aria-hidden /> {label}
        </span>
      )}
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
