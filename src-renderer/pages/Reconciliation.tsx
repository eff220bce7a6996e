import { Button, SegmentedControl, Select } from '@mantine/core'
import { IconArrowsSplit2, IconBuildingBank, IconCheck, IconDownload, IconReceiptEuro } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { formatDate } from '#domain/date'
import { SECTIONS } from '#domain/vocabulary'
import { client, orpc } from '../client.ts'
import { counted } from '../components/cells.tsx'
import { AllDone, NotYet } from '../components/EmptyState.tsx'
import { ErrorNote } from '../components/ErrorNote.tsx'
import { saveFile } from '../components/files.ts'
import { Key } from '../components/Key.tsx'
import { Page } from '../components/Page.tsx'
import { useRoadDone } from '../components/road-done.ts'
import { sayFailure } from '../components/toast.ts'
import { Views } from '../components/Views.tsx'
import { useKeys } from '../keys.ts'
import { useUrlState } from '../url-state.ts'
import { IgnoredList, MatchedList, PlainList, UncreditedList } from './board/BoardLists.tsx'
import { type Board, type BoardRow, canConfirm, reasonOf, targetOf } from './board/board.ts'
import { Comparison, type RowActs } from './board/Comparison.tsx'
import { ConfirmAllDialog, ExcludeDialog, NoteDialog } from './board/RowDialogs.tsx'
import { SearchDialog } from './board/SearchDialog.tsx'
import { SplitDialog } from './board/SplitDialog.tsx'
import { Square } from './board/Square.tsx'
import { PostDialog } from './reversali/PostDialog.tsx'
import type { Scope } from './reversali/ready.ts'

type Asking = 'post' | 'split' | 'search' | 'note' | 'exclude' | 'all' | null

const EXPORT_COLUMNS = [
  { key: 'bookingDate', heading: 'Data' },
  { key: 'valueDate', heading: 'Valuta' },
  { key: 'description', heading: 'Accredito in banca' },
  { key: 'bankReference', heading: 'Riferimento' },
  { key: 'label', heading: 'Motivo' },
  { key: 'matchedCents', heading: 'Abbinato €' },
  { key: 'cents', heading: 'Importo €' },
]

/** Incassi · Riconciliazione: the work table (SCREENS.md §10, picture 07). */
export function Reconciliation() {
  const done = useRoadDone()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [url, setUrl] = useUrlState()
  const scope: Scope = {
    reportingFlowId: null,
    statementId: url.estratto === undefined ? null : (Number(url.estratto) as never),
    bankAccountId: url.conto === undefined ? null : (Number(url.conto) as never),
  }
  const view = url.vista ?? 'da-decidere'
  const plain = url.modo === 'tabella'
  const [cursor, setCursor] = useState(0)
  const [picked, setPicked] = useState(0)
  const [asking, setAsking] = useState<Asking>(null)
  const [busy, setBusy] = useState(false)
  const read = useQuery(orpc.reconciliation.board.queryOptions({ input: scope, placeholderData: (before) => before }))
  const ready = useQuery(orpc.reversale.ready.queryOptions({ input: scope, placeholderData: (before) => before }))
  const board = read.data
  const rows = board?.toDecide ?? []
  const at = Math.max(0, Math.min(cursor, rows.length - 1))
  const row = rows[at]
  const rowKey = row?.bankMovementId
  // biome-ignore lint/correctness/useExhaustiveDependencies: another row has its own candidates
  useEffect(() => setPicked(0), [rowKey])

  const refresh = () => void queries.invalidateQueries()
  const act = async (what: () => Promise<unknown>) => {
    if (busy) return
    setBusy(true)
    try {
      await what()
      // Only the table is waited for, so that the next key finds its row; the ledger's revision refreshes the rest.
      await Promise.all([read.refetch(), ready.refetch()])
    } catch (error) {
      sayFailure(error)
    } finally {
      setBusy(false)
    }
  }
  const confirm = () => {
    const candidate = row?.candidates[picked] ?? row?.candidates[0]
    if (!row || !candidate) return
    void act(() =>
      client.reconciliation.match({
        bankMovementId: row.bankMovementId,
        targets: [targetOf(row, candidate)],
        reason: '',
      }),
    )
  }
  const undo = (decisionId: number) =>
    void act(() => client.reconciliation.undo({ decisionIds: [decisionId as never] }))
  const alike = row ? rows.filter((r) => reasonOf(r).title === reasonOf(row).title && isSure(r)) : []
  const ask = (what: Asking) => () => row && setAsking(what)
  const acts: RowActs = {
    confirm,
    split: ask('split'),
    search: ask('search'),
    note: ask('note'),
    skip: () => row && void act(() => client.reconciliation.skip({ bankMovementId: row.bankMovementId })),
    exclude: ask('exclude'),
    pick: setPicked,
  }
  const deciding = view === 'da-decidere' && rows.length > 0
  const go = (step: number) => setCursor(Math.max(0, Math.min(rows.length - 1, at + step)))
  useKeys([
    ...(deciding
      ? [
          { keys: 'Enter', label: 'conferma', run: confirm },
          { keys: 'D', label: 'dividi', run: acts.split },
          { keys: 'F', label: 'cerca altro', run: acts.search },
          { keys: 'N', label: 'annota', run: acts.note },
          { keys: 'S', label: 'salta', run: acts.skip },
          { keys: 'X', label: 'escludi…', run: acts.exclude },
          {
            keys: 'Shift+Enter',
            label: 'conferma tutte le uguali',
            quiet: true,
            run: () => alike.length > 0 && setAsking('all'),
          },
          { keys: ['ArrowUp', 'ArrowDown'], label: 'scorri' },
          { keys: 'ArrowDown', label: 'riga successiva', quiet: true, run: () => go(1) },
          { keys: 'ArrowUp', label: 'riga precedente', quiet: true, run: () => go(-1) },
          ...Array.from({ length: 9 }, (_, i) => ({
            keys: String(i + 1),
            label: `controparte ${i + 1}`,
            quiet: true,
            run: () => i < (row?.candidates.length ?? 0) && setPicked(i),
          })),
        ]
      : []),
    { keys: 'Ctrl+Z', label: 'disfa', run: () => board?.lastAct && undo(board.lastAct.decisionId) },
    { keys: 'T', label: 'tabella/confronto', quiet: true, run: () => setUrl({ modo: plain ? undefined : 'tabella' }) },
    { keys: 'F5', label: 'aggiorna', quiet: true, run: refresh },
    { keys: 'Ctrl+Enter', label: 'emetti…', quiet: true, run: () => canPost && setAsking('post') },
  ])
  const canPost = board?.square.explained === true && (ready.data?.drafts.length ?? 0) > 0
  const exportMovements = () =>
    client.bankStatement
      .exportMovements({
        filters: scope,
        search: '',
        sort: { column: 'bookingDate', direction: 'asc' },
        format: 'xlsx',
        title: 'Riconciliazione',
        filtersInWords: board?.scopeText ?? '',
        columns: EXPORT_COLUMNS,
      })
      .then(saveFile, sayFailure)
  const postable = ready.data?.drafts.length ?? 0
  const empty = board !== undefined && board.movements === 0 && board.flowsWithoutCredit.length === 0
  return (
    <Page
      title={SECTIONS.reconciliation}
      about={board ? aboutOf(board) : undefined}
      actions={
        <>
          <ScopeSelect scope={scope} onChange={(patch) => setUrl({ ...patch, vista: undefined })} />
          <SegmentedControl
            aria-label="Modo"
            size="xs"
            value={plain ? 'tabella' : 'confronto'}
            onChange={(modo) => setUrl({ modo: modo === 'tabella' ? modo : undefined })}
            data={[
              { value: 'confronto', label: 'Confronto' },
              { value: 'tabella', label: 'Tabella' },
            ]}
          />
          <Button
            leftSection={<IconDownload size={16} stroke={1.7} aria-hidden />}
            disabled={board?.movements === 0}
            onClick={() => void exportMovements()}
          >
            Esporta
          </Button>
          {board?.square.explained === false && (
            <span className="t-bad strong small">la differenza non è spiegata</span>
          )}
          <Button
            variant="filled"
            disabled={!canPost}
            leftSection={<IconReceiptEuro size={16} stroke={1.7} aria-hidden />}
            onClick={() => setAsking('post')}
          >
            {postable === 0 ? 'Nessuna reversale pronta' : `Emetti le reversali…`}
          </Button>
        </>
      }
    >
      <Views
        tabs={[
          { id: 'da-decidere', label: 'Da decidere', count: board?.toDecide.length },
          { id: 'abbinati', label: 'Abbinati', count: board?.matched.length },
          { id: 'senza-accredito', label: 'Flussi senza accredito', count: board?.flowsWithoutCredit.length },
          { id: 'ignorati', label: 'Ignorati, non pagoPA', count: board?.ignored.length },
        ]}
        value={view}
        onChange={(id) => setUrl({ vista: id === 'da-decidere' ? undefined : id })}
        right={
          board?.lastAct ? (
            <span className="last-act">
              <IconCheck size={16} stroke={1.7} className="t-ok" aria-hidden />
              <span className="cut" title={board.lastAct.text}>
                {board.lastAct.text}
              </span>
              <button type="button" className="link" onClick={() => board.lastAct && undo(board.lastAct.decisionId)}>
                Disfa
              </button>
              <Key keys="Ctrl+Z" />
            </span>
          ) : undefined
        }
      />
      <ErrorNote error={read.error ?? ready.error} />
      {board && empty ? (
        <NotYet
          stop="Accredito"
          done={done}
          title="Qui si incontrano accrediti e flussi"
          text="Carica l’estratto conto e importa i flussi di rendicontazione: ciò che torna al centesimo si abbina da solo, del resto ti si propone la controparte con i suoi motivi."
          ways={[
            {
              title: 'Carica l’estratto conto',
              text: 'Gli accrediti della banca',
              icon: IconBuildingBank,
              to: '/estratti-conto/carica',
            },
            {
              title: 'Importa i flussi',
              text: 'Le rendicontazioni dei prestatori',
              icon: IconArrowsSplit2,
              to: '/rendicontazioni',
            },
          ]}
        />
      ) : (
        board && (
          <div className="board">
            {view === 'abbinati' && <MatchedList rows={board.matched} onReopen={undo} />}
            {view === 'senza-accredito' && <UncreditedList rows={board.flowsWithoutCredit} />}
            {view === 'ignorati' && <IgnoredList rows={board.ignored} onReopen={undo} />}
            {view === 'da-decidere' &&
              (rows.length === 0 ? (
                <AllDone
                  title="Nessun accredito da decidere"
                  text={
                    postable > 0
                      ? `${counted(board.matched.length, 'accredito abbinato', 'accrediti abbinati')}: ${counted(postable, 'reversale è pronta', 'reversali sono pronte')}.`
                      : `${counted(board.matched.length, 'accredito abbinato', 'accrediti abbinati')}, tutti con la loro reversale.`
                  }
                  action={
                    postable > 0 ? (
                      <Button onClick={() => setAsking('post')} disabled={!canPost}>
                        Emetti {counted(postable, 'reversale', 'reversali')}…
                      </Button>
                    ) : (
                      <Button onClick={() => void navigate({ to: '/reversali' })}>Vai alle reversali</Button>
                    )
                  }
                />
              ) : plain ? (
                <PlainList rows={rows} cursor={at} onCursor={setCursor} />
              ) : (
                <Comparison
                  board={board}
                  cursor={at}
                  picked={picked}
                  onCursor={setCursor}
                  acts={acts}
                  onMatched={() => setUrl({ vista: 'abbinati' })}
                />
              ))}
            <Square square={board.square} />
          </div>
        )
      )}
      {row && asking === 'split' && <SplitDialog row={row} onClose={() => setAsking(null)} onDone={refresh} />}
      {row && asking === 'search' && <SearchDialog row={row} onClose={() => setAsking(null)} onDone={refresh} />}
      {row && asking === 'note' && <NoteDialog row={row} onClose={() => setAsking(null)} onDone={refresh} />}
      {row && asking === 'exclude' && <ExcludeDialog row={row} onClose={() => setAsking(null)} onDone={refresh} />}
      {asking === 'all' && <ConfirmAllDialog rows={alike} onClose={() => setAsking(null)} onDone={refresh} />}
      {asking === 'post' && ready.data && (
        <PostDialog
          ready={ready.data}
          scope={scope}
          chosen={null}
          changes={{}}
          onClose={() => setAsking(null)}
          onDone={() => void navigate({ to: '/reversali' })}
        />
      )}
    </Page>
  )
}

/** One counterpart, of exactly the amount credited: what «conferma tutte le uguali» may take. */
function isSure(row: BoardRow): boolean {
  return canConfirm(row) && row.candidates.length === 1 && row.candidates[0]?.cents === row.leftCents
}

function aboutOf(board: Board): string {
  const days = board.from && board.to ? ` · ${formatDate(board.from)}–${formatDate(board.to)}` : ''
  return `${board.scopeText}${days} · ${counted(board.movements, 'movimento', 'movimenti')}`
}

/** What the table is about: everything, one account, one statement. */
function ScopeSelect({
  scope,
  onChange,
}: {
  readonly scope: Scope
  readonly onChange: (patch: { estratto: string | undefined; conto: string | undefined }) => void
}) {
  const accounts = useQuery(orpc.account.list.queryOptions())
  const statements = useQuery(
    orpc.bankStatement.list.queryOptions({
      input: { filters: {}, limit: 100, sort: { column: 'to', direction: 'desc' } },
    }),
  )
  const value =
    scope.statementId !== null
      ? `s${scope.statementId}`
      : scope.bankAccountId !== null
        ? `c${scope.bankAccountId}`
        : 'tutto'
  return (
    <Select
      aria-label="Che cosa riconciliare"
      className="scope-select"
      allowDeselect={false}
      value={value}
      onChange={(v) =>
        onChange({
          estratto: v?.startsWith('s') ? v.slice(1) : undefined,
          conto: v?.startsWith('c') ? v.slice(1) : undefined,
        })
      }
      data={[
        { value: 'tutto', label: 'Tutti i conti' },
        ...((accounts.data?.length ?? 0) > 1
          ? [{ group: 'Un conto', items: (accounts.data ?? []).map((a) => ({ value: `c${a.id}`, label: a.name })) }]
          : []),
        ...((statements.data?.rows.length ?? 0) > 0
          ? [
              {
                group: 'Un estratto',
                items: (statements.data?.rows ?? []).map((s) => ({
                  value: `s${s.id}`,
                  label: `${formatDate(s.from).slice(0, 5)}–${formatDate(s.to).slice(0, 5)} ${s.account}`,
                })),
              },
            ]
          : []),
      ]}
    />
  )
}
