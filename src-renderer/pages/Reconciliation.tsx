import { Button, SegmentedControl, Select } from '@mantine/core'
import { IconArrowsSplit2, IconBuildingBank, IconCheck, IconReceiptEuro } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useCallback, useRef, useState } from 'react'
import { formatDate } from '#domain/date'
import { SECTIONS } from '#domain/vocabulary'
import { client, orpc } from '../client.ts'
import { counted } from '../components/cells.tsx'
import { AllDone, NotYet } from '../components/EmptyState.tsx'
import { ErrorNote } from '../components/ErrorNote.tsx'
import { Key } from '../components/Key.tsx'
import { Page } from '../components/Page.tsx'
import { useRoadDone } from '../components/road-done.ts'
import { say, sayFailure } from '../components/toast.ts'
import { Views } from '../components/Views.tsx'
import { type KeyBinding, useKeys } from '../keys.ts'
import { ListActions } from '../table/ListActions.tsx'
import { useUrlState } from '../url-state.ts'
import {
  type Act,
  asideOf,
  askedFor,
  isMovement,
  isUnasked,
  onlyUndone,
  reasonOf,
  shortDay,
  type Table,
  type TableRow,
  VIEWS,
} from './board/board.ts'
import { Comparison } from './board/Comparison.tsx'
import { chosenOf, type RowActs } from './board/OpenRow.tsx'
import { AnnulDialog, ConfirmAllDialog, NoteDialog, ReasonDialog } from './board/RowDialogs.tsx'
import { RowList } from './board/RowList.tsx'
import { SearchDialog } from './board/SearchDialog.tsx'
import { SplitDialog } from './board/SplitDialog.tsx'
import { Spreadsheet } from './board/Spreadsheet.tsx'
import { Square } from './board/Square.tsx'
import { useActs } from './board/use-acts.ts'
import { useTable } from './board/use-table.ts'
import { PostDialog } from './reversali/PostDialog.tsx'
import type { Scope } from './reversali/ready.ts'
import { RuleOffer } from './rules/RuleOffer.tsx'

type Asking =
  | { readonly what: 'post' | 'split' | 'search' | 'note' | 'assign' }
  | { readonly what: 'reason'; readonly act: Act; readonly word: string }
  | { readonly what: 'all'; readonly rows: readonly TableRow[] }

/** As many as one write takes. */
const MOST_AT_ONCE = 1000
const READ_AT_ONCE = 500

const EXPORT_COLUMNS = [
  { id: 'bookingDate', header: 'Data' },
  { id: 'valueDate', header: 'Valuta' },
  { id: 'description', header: 'Accredito in banca' },
  { id: 'bankReference', header: 'Riferimento' },
  { id: 'label', header: 'Motivo' },
  { id: 'matchedCents', header: 'Abbinato €' },
  { id: 'cents', header: 'Importo €' },
]
const BY_DAY = { column: 'bookingDate', direction: 'asc' } as const

const FLOW_COLUMNS = [
  { id: 'regulationDate', header: 'Regolato' },
  { id: 'flowId', header: 'Flusso' },
  { id: 'pspName', header: 'Prestatore' },
  { id: 'declaredCount', header: 'Pagamenti' },
  { id: 'declaredCents', header: 'Importo €' },
]
const UNCREDITED = {
  filters: { credit: ['notCredited' as const] },
  sort: { column: 'regulationDate', direction: 'asc' } as const,
}

/** Where the cursor is: on a row, and when that has left the table, on what took its place. */
interface Cursor {
  readonly key: string | null
  readonly index: number
}

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
  const view = VIEWS.find((v) => v.id === url.vista) ?? VIEWS[0]
  const plain = url.modo === 'tabella'
  const [cursor, setCursor] = useState<Cursor>({ key: url.sel ?? null, index: 0 })
  const [picked, setPicked] = useState<{ readonly key: string; readonly index: number } | null>(null)
  const [seen, setSeen] = useState({ first: 0, last: 0 })
  const [asking, setAsking] = useState<Asking | null>(null)
  const decided = useRef<TableRow | null>(null)
  const onSeen = useCallback(
    (first: number, last: number) =>
      setSeen((was) => (was.first === first && was.last === last ? was : { first, last })),
    [],
  )
  const where = { statementId: scope.statementId, bankAccountId: scope.bankAccountId, assignee: url.di ?? null }
  const asked = { ...where, view: view.view, kinds: [...view.kinds] }
  const data = useTable(asked, seen.first, seen.last)
  const waiting = useQuery({
    ...orpc.reconciliation.table.queryOptions({ input: { ...where, view: 'toDecide', limit: 1 } }),
    enabled: view.view !== 'toDecide',
  })
  const ignored = useQuery({
    ...orpc.reconciliation.table.queryOptions({ input: { ...where, view: 'ignored', limit: 1 } }),
    enabled: view.view !== 'ignored',
  })
  const ready = useQuery(orpc.reversale.ready.queryOptions({ input: scope, placeholderData: (before) => before }))
  const { table, rowAt } = data
  const count = table?.count ?? 0
  const deciding = view.view === 'toDecide'
  const at = placeOf(cursor, rowAt, count)
  const row = rowAt(at)
  const chosenIndex = row && picked?.key === row.key ? picked.index : null

  const acts = useActs(data.again)
  const refresh = () => void queries.invalidateQueries()
  const go = (index: number) => {
    const next = Math.max(0, Math.min(count - 1, index))
    setCursor({ key: rowAt(next)?.key ?? null, index: next })
  }
  const close = () => setAsking(null)
  const carryOut = (act: Act) => {
    // A key that comes before the answer is drawn would decide the same row again.
    if (!row || row === decided.current) return
    setCursor({ key: act.kind === 'skip' ? null : row.key, index: at })
    const word = askedFor(act)
    if (word !== null) setAsking({ what: 'reason', act, word })
    else {
      decided.current = row
      acts.decideNow([act], () => {
        decided.current = null
      })
    }
  }
  const lastAct = table?.lastAct ?? null
  const undoLast = () => lastAct && acts.undo(lastAct.decisionIds)
  const reopen = (which: TableRow | undefined) => which && which.decisionIds.length > 0 && acts.undo(which.decisionIds)
  // A query that rests still has its last answer: the view at hand counts for itself.
  const left = view.view === 'ignored' ? undefined : ignored.data
  const undone = row !== undefined && onlyUndone(row)
  // Of a POS, or of a stranger: it asks nothing, and may be somebody's all the same.
  const matchable = !deciding && row !== undefined && isUnasked(row)
  const rowActs: RowActs = {
    confirm: () => {
      if (undone) return void reopen(row)
      const chosen = row && chosenOf(row, chosenIndex)
      if (chosen) carryOut(chosen.act)
    },
    split: () => row && !undone && (row.kind === 'credit' || row.kind === 'flowRow') && setAsking({ what: 'split' }),
    search: () => row && !undone && row.kind !== 'flow' && row.kind !== 'alarm' && setAsking({ what: 'search' }),
    note: () => row && setAsking({ what: 'note' }),
    skip: () => row && carryOut({ kind: 'skip', subject: row.subject }),
    exclude: () => {
      const aside = row && asideOf(row)
      if (aside) carryOut(aside)
    },
    reopen: () => reopen(row),
    pick: (index) => row && index < row.counterparts.length && setPicked({ key: row.key, index }),
  }
  const confirmAlike = async () => {
    if (!row) return
    const reason = reasonOf(row).title
    const alike: TableRow[] = []
    for (let offset = 0; offset < Math.min(count, MOST_AT_ONCE); offset += READ_AT_ONCE) {
      const page = await client.reconciliation.table({ ...asked, offset, limit: READ_AT_ONCE })
      alike.push(...page.rows.filter((r) => r.confirms !== null && reasonOf(r).title === reason && isReady(r)))
    }
    if (alike.length > 0) setAsking({ what: 'all', rows: alike })
    else say(`Nessuna riga «${reason}» ha una sola controparte dello stesso importo.`)
  }
  /** F8: rows that nothing proposes for. */
  const nextProblem = (step: 1 | -1) => {
    for (let index = at + step; index >= 0 && index < count; index += step) {
      if (rowAt(index)?.confirms === null) return go(index)
    }
  }
  const canPost = table?.square.unexplainedCents === 0 && (ready.data?.drafts.length ?? 0) > 0
  const onRow: KeyBinding[] =
    row === undefined || (plain && deciding)
      ? []
      : [
          ...(deciding
            ? [
                { keys: 'Enter', label: undone ? 'disfa' : 'conferma', run: rowActs.confirm },
                { keys: 'D', label: 'dividi', quiet: undone, run: rowActs.split },
                { keys: 'F', label: 'cerca altro', quiet: undone, run: rowActs.search },
                { keys: 'N', label: 'annota', run: rowActs.note },
                { keys: 'S', label: 'salta', run: rowActs.skip },
                {
                  keys: 'X',
                  label: isMovement(row) ? 'escludi…' : 'metti da parte…',
                  quiet: undone,
                  run: rowActs.exclude,
                },
                {
                  keys: 'Shift+Enter',
                  label: 'conferma tutte le uguali…',
                  quiet: true,
                  run: () => void confirmAlike().catch(sayFailure),
                },
                { keys: 'F8', label: 'prossima senza proposta', quiet: true, run: () => nextProblem(1) },
                { keys: 'Shift+F8', label: 'precedente senza proposta', quiet: true, run: () => nextProblem(-1) },
                ...Array.from({ length: 9 }, (_, i) => ({
                  keys: String(i + 1),
                  label: `controparte ${i + 1}`,
                  quiet: true,
                  run: () => rowActs.pick(i),
                })),
              ]
            : []),
          ...(matchable
            ? [
                { keys: 'F', label: 'abbina a…', run: rowActs.search },
                { keys: 'D', label: 'dividi', run: rowActs.split },
              ]
            : []),
          { keys: 'G', label: 'note e assegnazione', quiet: deciding, run: () => setAsking({ what: 'assign' }) },
          { keys: 'U', label: 'riapri', quiet: row.decisionIds.length === 0, run: rowActs.reopen },
          { keys: ['ArrowUp', 'ArrowDown'], label: 'scorri' },
          { keys: 'ArrowDown', label: 'riga successiva', quiet: true, run: () => go(at + 1) },
          { keys: 'ArrowUp', label: 'riga precedente', quiet: true, run: () => go(at - 1) },
          { keys: 'PageDown', label: 'dieci righe avanti', quiet: true, run: () => go(at + 10) },
          { keys: 'PageUp', label: 'dieci righe indietro', quiet: true, run: () => go(at - 10) },
          { keys: 'Home', label: 'prima riga', quiet: true, run: () => go(0) },
          { keys: 'End', label: 'ultima riga', quiet: true, run: () => go(count - 1) },
        ]
  useKeys([
    ...onRow,
    ...(plain && deciding
      ? []
      : [{ keys: 'Ctrl+Enter', label: 'emetti…', quiet: true, run: () => canPost && setAsking({ what: 'post' }) }]),
    { keys: 'Ctrl+Z', label: 'disfa', run: () => void undoLast() },
    { keys: 'Ctrl+Y', label: 'ripeti', quiet: true, run: acts.redo },
    { keys: 'T', label: 'tabella/confronto', quiet: true, run: () => setUrl({ modo: plain ? undefined : 'tabella' }) },
    { keys: 'F5', label: 'aggiorna', quiet: true, run: refresh },
  ])
  const postable = ready.data?.drafts.length ?? 0
  const uncredited = view.view === 'uncredited'
  const empty = table !== undefined && table.movements === 0 && table.counts.uncredited === 0
  const show = (id: string) => {
    setCursor({ key: null, index: 0 })
    setUrl({ vista: id === VIEWS[0].id ? undefined : id })
  }
  return (
    <Page
      title={SECTIONS.reconciliation}
      about={table ? aboutOf(table) : undefined}
      actions={
        <>
          {((table?.assignees.length ?? 0) > 0 || url.di !== undefined) && (
            <Select
              aria-label="Di chi"
              className="assignee-select"
              placeholder="Di tutti"
              clearable
              value={url.di ?? null}
              onChange={(di) => setUrl({ di: di ?? undefined })}
              data={[...new Set([...(table?.assignees ?? []), ...(url.di === undefined ? [] : [url.di])])]}
            />
          )}
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
          <ListActions
            columns={{ visible: uncredited ? FLOW_COLUMNS : EXPORT_COLUMNS }}
            title={uncredited ? view.label : 'Riconciliazione'}
            filters={uncredited ? '' : (table?.scopeText ?? '')}
            disabled={table === undefined || empty}
            run={(request) =>
              uncredited
                ? client.reportingFlow.export({ ...request, ...UNCREDITED })
                : client.bankStatement.exportMovements({ ...request, filters: scope, sort: BY_DAY })
            }
          />
          {table !== undefined && table.square.unexplainedCents !== 0 && (
            <span className="t-bad strong small">la differenza non è spiegata</span>
          )}
          <Button
            variant="filled"
            disabled={!canPost}
            leftSection={<IconReceiptEuro size={16} stroke={1.7} aria-hidden />}
            onClick={() => setAsking({ what: 'post' })}
          >
            {postable === 0 ? 'Nessuna reversale pronta' : `Emetti le reversali…`}
          </Button>
        </>
      }
    >
      <Views
        tabs={VIEWS.map(({ id, label }) => ({
          id,
          label,
          count: countOf(id, table, deciding ? undefined : waiting.data, left),
        }))}
        value={view.id}
        onChange={show}
        right={
          <span className="last-act">
            <Link to="/riconciliazione/regole" className="board-rules">
              Regole
            </Link>
            {lastAct && (
              <>
                <IconCheck size={16} stroke={1.7} className="t-ok" aria-hidden />
                <span className="cut" title={lastAct.text}>
                  {lastAct.text}
                </span>
                <button type="button" className="link" onClick={undoLast}>
                  Disfa
                </button>
                <Key keys="Ctrl+Z" />
              </>
            )}
          </span>
        }
      />
      <ErrorNote error={data.error ?? ready.error} />
      {table && empty ? (
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
        table && (
          <div className="board">
            {count === 0 ? (
              <Nothing
                view={view.id}
                table={table}
                postable={postable}
                canPost={canPost}
                onPost={() => setAsking({ what: 'post' })}
                onReversali={() => void navigate({ to: '/reversali' })}
              />
            ) : deciding && plain ? (
              <Spreadsheet
                key={`${view.id} ${acts.annulments}`}
                count={count}
                rowAt={rowAt}
                cursor={at}
                onCursor={go}
                onSeen={onSeen}
                decide={acts.decide}
                onLeave={() => setUrl({ modo: undefined })}
              />
            ) : deciding ? (
              <Comparison
                table={table}
                count={count}
                rowAt={rowAt}
                cursor={at}
                picked={chosenIndex}
                acts={rowActs}
                onCursor={go}
                onSeen={onSeen}
                onMatched={() => show('abbinati')}
              />
            ) : (
              <RowList
                key={view.id}
                view={view}
                count={count}
                rowAt={rowAt}
                loaded={data.loaded}
                cursor={at}
                onCursor={go}
                onSeen={onSeen}
                onReopen={reopen}
                onMatch={(which, index) => {
                  setCursor({ key: which.key, index })
                  setAsking({ what: 'search' })
                }}
              />
            )}
            <RuleOffer onSettled={data.again} />
            <Square square={table.square} />
          </div>
        )
      )}
      {row && asking?.what === 'split' && <SplitDialog row={row} decide={acts.decide} onClose={close} />}
      {row && asking?.what === 'search' && <SearchDialog row={row} decide={acts.decide} onClose={close} />}
      {row && (asking?.what === 'note' || asking?.what === 'assign') && (
        <NoteDialog
          row={row}
          assignees={table?.assignees ?? []}
          first={asking.what === 'note' ? 'note' : 'assignee'}
          onClose={close}
          onDone={() => void data.again()}
        />
      )}
      {row && asking?.what === 'reason' && (
        <ReasonDialog row={row} act={asking.act} word={asking.word} decide={acts.decide} onClose={close} />
      )}
      {asking?.what === 'all' && <ConfirmAllDialog rows={asking.rows} decide={acts.decide} onClose={close} />}
      {acts.annulling && (
        <AnnulDialog what={acts.annulling} onClose={acts.leaveAnnulling} onAnnul={(reason) => acts.annul(reason)} />
      )}
      {asking?.what === 'post' && ready.data && (
        <PostDialog
          ready={ready.data}
          scope={scope}
          chosen={null}
          changes={{}}
          onClose={close}
          onDone={() => void navigate({ to: '/reversali' })}
        />
      )}
    </Page>
  )
}

/** The row stays under the cursor while it is there; when it has left, what took its place is. */
function placeOf({ key, index }: Cursor, rowAt: (index: number) => TableRow | undefined, count: number): number {
  const last = Math.max(0, count - 1)
  if (key === null || rowAt(index)?.key === key) return Math.min(index, last)
  for (let step = 1; step <= 100; step += 1) {
    if (rowAt(index - step)?.key === key) return index - step
    if (rowAt(index + step)?.key === key) return index + step
  }
  return Math.min(index, last)
}

/** Its act can be sent as it is, without a reason of its own. */
function isReady(row: TableRow): boolean {
  const best = row.confirms === null ? undefined : row.counterparts[row.confirms]
  return best !== undefined && askedFor(best.act) === null
}

function countOf(
  id: (typeof VIEWS)[number]['id'],
  table: Table | undefined,
  waiting: Table | undefined,
  ignored: Table | undefined,
): number | undefined {
  const toDecide = waiting ?? table
  const left = ignored ?? table
  switch (id) {
    case 'da-decidere':
      return table?.counts.toDecide
    case 'abbinati':
      return table?.counts.matched
    case 'senza-accredito':
      return table?.counts.uncredited
    case 'trattenuti':
      return toDecide?.kinds.flowRow
    case 'allarmi':
      return toDecide?.kinds.alarm
    case 'addebiti':
      return left?.kinds.debit
    case 'ignorati':
      return left && left.kinds.credit + left.kinds.flowRow + left.kinds.flow
  }
}

const NOTHING: Readonly<Record<(typeof VIEWS)[number]['id'], { readonly title: string; readonly text: string }>> = {
  'da-decidere': { title: 'Niente da decidere', text: '' },
  abbinati: {
    title: 'Nessun accredito abbinato',
    text: 'Qui stanno gli accrediti che hanno trovato la loro controparte.',
  },
  'senza-accredito': {
    title: 'Nessun flusso senza accredito',
    text: 'Tutti i flussi importati hanno il loro accredito in banca.',
  },
  trattenuti: {
    title: 'Nessun pagamento trattenuto',
    text: 'Qui stanno i pagamenti di flussi accreditati che non si sa a chi attribuire.',
  },
  addebiti: { title: 'Nessun addebito', text: 'Qui stanno addebiti, storni e giroconti.' },
  ignorati: {
    title: 'Niente di ignorato',
    text: 'Qui sta ciò che non è pagoPA, e ciò che hai escluso o messo da parte.',
  },
  allarmi: {
    title: 'Nessun allarme',
    text: 'Qui stanno le reversali che i flussi e gli accrediti non sostengono più.',
  },
}

function Nothing({
  view,
  table,
  postable,
  canPost,
  onPost,
  onReversali,
}: {
  readonly view: (typeof VIEWS)[number]['id']
  readonly table: Table
  readonly postable: number
  readonly canPost: boolean
  readonly onPost: () => void
  readonly onReversali: () => void
}) {
  if (view !== 'da-decidere') return <AllDone {...NOTHING[view]} />
  const matched = counted(table.counts.matched, 'riga abbinata', 'righe abbinate')
  return (
    <AllDone
      title={NOTHING[view].title}
      text={
        postable > 0
          ? `${matched}: ${counted(postable, 'reversale è pronta', 'reversali sono pronte')}.`
          : `${matched}: tutte le reversali sono emesse.`
      }
      action={
        postable > 0 ? (
          <Button onClick={onPost} disabled={!canPost}>
            Emetti {counted(postable, 'reversale', 'reversali')}…
          </Button>
        ) : (
          <Button onClick={onReversali}>Vai alle reversali</Button>
        )
      }
    />
  )
}

function aboutOf(table: Table): string {
  const moved = counted(table.movements, 'movimento', 'movimenti')
  if (!table.from || !table.to) return moved
  const sameYear = table.from.slice(0, 4) === table.to.slice(0, 4)
  return `${sameYear ? shortDay(table.from) : formatDate(table.from)}–${formatDate(table.to)} · ${moved}`
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
