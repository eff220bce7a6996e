import { Button, Checkbox, Select, TextInput } from '@mantine/core'
import { ORPCError } from '@orpc/client'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { IconBuildingBank, IconCheck, IconFolderOpen } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import type { StatementMapping } from '#domain/bank-statement'
import type { Id } from '#domain/brand'
import { formatDate } from '#domain/date'
import { formatCents } from '#domain/money'
import type { FileToken } from '#domain/ports'
import { problemPlace, problemText } from '#domain/problem'
import { STATEMENT_PROFILES } from '#domain/vocabulary'
import { client, orpc } from '../client.ts'
import { ConfirmDialog } from '../components/ConfirmDialog.tsx'
import { counted, formatCount, Money } from '../components/cells.tsx'
import { ErrorNote } from '../components/ErrorNote.tsx'
import { FilePicker } from '../components/FilePicker.tsx'
import { useFileDrop } from '../components/file-drop.ts'
import { askFiles, uploadFile } from '../components/files.ts'
import { Page } from '../components/Page.tsx'
import { RefusedFile } from '../components/RefusedFile.tsx'
import { ToneText } from '../components/St.tsx'
import { say } from '../components/toast.ts'
import { Views } from '../components/Views.tsx'
import { useKeys } from '../keys.ts'
import { ColumnChooser } from './statements/ColumnChooser.tsx'
import {
  mappingOf,
  PLAIN_SHAPE,
  type Role,
  type Roles,
  rolesFromHeadings,
  rolesOf,
  type Shape,
  shapeOf,
  withRole,
} from './statements/columns-to-mapping.ts'
import { MovementPreview } from './statements/MovementPreview.tsx'

type Reading = InferContractRouterOutputs<Contract>['bankStatement']['read']
type Account = InferContractRouterOutputs<Contract>['account']['list'][number]

/** Only what the chooser shows at first: a statement is known by its content, whatever the bank calls it. */
const ACCEPT = '.csv,.tsv,.txt,.xls,.xlsx,.xml,.htm,.html,.sta,.940,.mt940,.dat,.cbi,.rh,.out'

interface Chosen {
  readonly name: string
  readonly token: FileToken
  /** The other pages of the same delivery. */
  readonly more: readonly FileToken[]
}

/** Incassi · Estratti conto · Carica: account and file, columns where needed, what would enter; then the confirm. */
export function StatementLoad() {
  const accounts = useQuery(orpc.account.list.queryOptions())
  const open = (accounts.data ?? []).filter((a) => !a.closed && a.kind !== 'cash')
  const [picked, setPicked] = useState<Id<'bankAccount'> | null>(null)
  // A file found among flows and receipts is opened here as it is.
  const given = useSearch({ strict: false }) as { readonly file?: string; readonly nome?: string }
  const [file, setFile] = useState<Chosen | null>(
    given.file === undefined
      ? null
      : { name: given.nome ?? 'estratto conto', token: given.file as FileToken, more: [] },
  )
  const [error, setError] = useState<unknown>(null)
  const account = open.find((a) => a.id === picked) ?? open[0]
  const take = async (chosen: readonly File[], pagesOf: Chosen | null = null) => {
    if (chosen.length === 0) return
    setError(null)
    try {
      const tokens: FileToken[] = pagesOf === null ? [] : [pagesOf.token, ...pagesOf.more]
      for (const one of chosen) tokens.push((await uploadFile(one)).token)
      const [token, ...more] = tokens
      if (token) setFile({ name: pagesOf?.name ?? chosen.map((f) => f.name).join(', '), token, more })
    } catch (failure) {
      setError(failure)
    }
  }
  const other = () => void askFiles(ACCEPT).then((files) => take(files))
  const over = useFileDrop((files) => void take(files))
  if (file && account) {
    return (
      <>
        <CheckStatement
          key={`${file.token}-${file.more.length}-${account.id}`}
          file={file}
          account={account}
          accounts={open}
          onAccount={setPicked}
          onOther={other}
          onPages={() => void askFiles(ACCEPT).then((files) => take(files, file))}
        />
        {over && <div className="drop-veil">Lascia qui l’estratto conto</div>}
      </>
    )
  }
  return (
    <Page title="Carica estratto conto" back="/estratti-conto">
      <div className="load-start">
        <ErrorNote error={error ?? accounts.error} />
        {accounts.isSuccess && open.length === 0 ? (
          <p className="note note-warn">Prima serve un conto: aggiungilo in Impostazioni, Conti, con il suo IBAN.</p>
        ) : (
          <>
            <AccountSelect accounts={open} value={account?.id ?? null} onChange={setPicked} />
            <FilePicker
              title="Il file dei movimenti scaricato dalla banca"
              text="Trascinalo qui: lista in CSV o Excel, rendicontazione CBI, MT940, camt.053, giornale di cassa. Prima di confermare vedi che cosa entra."
              accept={ACCEPT}
              icon={IconBuildingBank}
              keys="Ctrl+O"
              onFile={(f) => void take([f])}
            />
          </>
        )}
      </div>
      <StartKeys onOther={other} />
    </Page>
  )
}

function StartKeys({ onOther }: { readonly onOther: () => void }) {
  useKeys([{ keys: 'Ctrl+O', label: 'scegli il file', run: onOther }])
  return null
}

function AccountSelect({
  accounts,
  value,
  onChange,
}: {
  readonly accounts: readonly Account[]
  readonly value: number | null
  readonly onChange: (id: Id<'bankAccount'>) => void
}) {
  return (
    <Select
      label="Conto"
      className="load-account"
      data={accounts.map((a) => ({ value: String(a.id), label: a.iban ? `${a.name} · ${a.iban}` : a.name }))}
      value={value === null ? null : String(value)}
      allowDeselect={false}
      onChange={(v) => v !== null && onChange(Number(v) as Id<'bankAccount'>)}
    />
  )
}

function CheckStatement({
  file,
  account,
  accounts,
  onAccount,
  onOther,
  onPages,
}: {
  readonly file: Chosen
  readonly account: Account
  readonly accounts: readonly Account[]
  readonly onAccount: (id: Id<'bankAccount'>) => void
  readonly onOther: () => void
  readonly onPages: () => void
}) {
  const navigate = useNavigate()
  const [mapping, setMapping] = useState<StatementMapping | null>(null)
  const [edited, setEdited] = useState<{ readonly shape: Shape; readonly roles: Roles } | null>(null)
  const [tab, setTab] = useState<'movimenti' | 'colonne' | null>(null)
  const [onlyPagopa, setOnlyPagopa] = useState(false)
  const [asking, setAsking] = useState(false)
  const [saveAs, setSaveAs] = useState('')
  const [whose, setWhose] = useState<Readonly<Record<string, Id<'bankAccount'> | null>>>({})
  const input = { token: file.token, more: [...file.more], bankAccountId: account.id, mapping, accounts: whose }
  const read = useQuery(
    orpc.bankStatement.read.queryOptions({ input, staleTime: 0, placeholderData: (before) => before }),
  )
  const reading = read.data
  const used = mapping ?? reading?.mapping ?? null
  const columns =
    edited ??
    (used
      ? { shape: shapeOf(used), roles: rolesOf(used) }
      : { shape: PLAIN_SHAPE, roles: rolesFromHeadings(reading?.head[0]) })
  const choice = mappingOf(columns.shape, columns.roles, used)
  const errors = reading?.problems.first.filter((p) => p.severity === 'error') ?? []
  const mismatch = errors.find((p) => p.code === 'STATEMENT_OTHER_ACCOUNT')
  const own = accounts.find((a) => a.name === mismatch?.params.own && a.id !== account.id)
  const warnings = reading?.problems.first.filter((p) => p.severity === 'warning') ?? []
  const asTable = (reading?.head.length ?? 0) > 0
  const known = reading !== undefined && (reading.profile !== null || reading.remembered || reading.named !== null)
  const shown = tab ?? (known || !asTable ? 'movimenti' : 'colonne')
  const changeColumns = (shape: Shape, roles: Roles) => {
    setEdited({ shape, roles })
    const next = mappingOf(shape, roles, used)
    if ('mapping' in next) setMapping(next.mapping)
  }
  const news = reading ? reading.added + reading.changed + reading.provvisori + reading.executed : 0
  const ready = reading !== undefined && errors.length === 0 && news > 0 && (edited === null || 'mapping' in choice)
  const why =
    reading === undefined
      ? null
      : edited !== null && 'missing' in choice
        ? choice.missing
        : errors.length > 0
          ? `${counted(errors.length, 'errore', 'errori')} da risolvere`
          : news === 0
            ? 'non c’è niente di nuovo da caricare'
            : null
  const act =
    reading && reading.added === 0 && news > 0
      ? 'Carica il file'
      : `Carica ${counted(reading?.added ?? 0, 'movimento', 'movimenti')}`
  useKeys([
    { keys: 'Ctrl+O', label: 'scegli un altro file', run: onOther },
    { keys: 'F5', label: 'rileggi', run: () => void read.refetch() },
    { keys: 'Escape', label: 'lascia', run: () => void navigate({ to: '/estratti-conto' }) },
    { keys: 'Ctrl+Enter', label: 'carica…', run: () => ready && setAsking(true) },
  ])
  const nothingRead = reading !== undefined && errors.length > 0 && reading.preview.length === 0
  const refusal = read.error ?? (nothingRead && shown === 'movimenti' ? refusalOf(errors) : null)
  return (
    <Page
      title="Carica estratto conto"
      back="/estratti-conto"
      about={file.name}
      actions={
        <>
          <Button leftSection={<IconFolderOpen size={16} stroke={1.7} aria-hidden />} onClick={onOther}>
            Scegli un altro file…
          </Button>
          {why !== null && refusal === null && (
            <span className={`small strong ${errors.length > 0 ? 't-bad' : 'ink2'}`}>{why}</span>
          )}
          <Button
            variant="filled"
            disabled={!ready}
            leftSection={<IconCheck size={16} stroke={1.7} aria-hidden />}
            onClick={() => setAsking(true)}
          >
            {act}…
          </Button>
        </>
      }
    >
      {reading && refusal === null && (
        <ul className="card import-counts load-counts">
          <li>
            <span className="small ink2">Formato</span>
            <span className="import-figure cut">
              {(reading.profile === null ? null : (STATEMENT_PROFILES[reading.profile] ?? reading.profile)) ??
                reading.named ??
                (reading.remembered
                  ? 'Colonne ricordate'
                  : mapping !== null
                    ? 'Colonne scelte'
                    : used === null
                      ? 'Non riconosciuto'
                      : 'Colonne proposte')}
            </span>
            <span className="small muted">
              {reading.from && reading.to
                ? `dal ${formatDate(reading.from)} al ${formatDate(reading.to)}`
                : 'nessuna data letta'}
            </span>
          </li>
          <li>
            <span className="small ink2">Entrate</span>
            <span className="import-figure">
              <Money cents={reading.movements.credit.cents} />
            </span>
            <span className="small muted">{counted(reading.movements.credit.count, 'movimento', 'movimenti')}</span>
          </li>
          <li>
            <span className="small ink2">Uscite</span>
            <span className="import-figure">
              <Money cents={reading.movements.debit.cents} />
            </span>
            <span className="small muted">{counted(reading.movements.debit.count, 'movimento', 'movimenti')}</span>
          </li>
          <li>
            <span className="small ink2">Nuovi</span>
            <span className="import-figure t-info">{formatCount(reading.added)}</span>
            <span className="small muted">
              {counted(reading.already, 'già presente', 'già presenti')},{' '}
              {formatCount(reading.changed + reading.waiting)} da decidere
            </span>
          </li>
          <li className="load-account-cell">
            <AccountSelect accounts={accounts} value={account.id} onChange={onAccount} />
            {reading.openingCents !== null && reading.closingCents !== null && (
              <span className="small muted">
                saldo da {formatCents(reading.openingCents)} a {formatCents(reading.closingCents)}
              </span>
            )}
          </li>
        </ul>
      )}
      {reading && reading.accounts.length > 1 && (
        <section className="card load-whose" aria-label="Conti del file">
          <p className="strong">Il file ha {formatCount(reading.accounts.length)} conti</p>
          {reading.accounts.map((a) => (
            <Select
              key={a.key}
              label={`${a.key === '' ? 'Senza nome' : a.key} · ${counted(a.movements, 'movimento', 'movimenti')}`}
              placeholder="Di quale conto sono?"
              data={[
                ...accounts.map((own) => ({ value: String(own.id), label: own.name })),
                { value: 'fuori', label: 'Lascia fuori' },
              ]}
              value={a.left ? 'fuori' : a.bankAccountId === null ? null : String(a.bankAccountId)}
              allowDeselect={false}
              onChange={(v) =>
                v !== null && setWhose({ ...whose, [a.key]: v === 'fuori' ? null : (Number(v) as Id<'bankAccount'>) })
              }
            />
          ))}
        </section>
      )}
      {reading && errors.some((p) => /^STATEMENT_PAGES_/.test(p.code)) && (
        <div className="load-missing">
          <Button leftSection={<IconFolderOpen size={16} stroke={1.7} aria-hidden />} onClick={onPages}>
            Aggiungi le altre pagine…
          </Button>
        </div>
      )}
      {own !== undefined && (
        <div className="load-missing">
          <Button onClick={() => onAccount(own.id)}>Passa al conto «{own.name}»</Button>
        </div>
      )}
      {asTable && (
        <Views
          label="Viste del file"
          tabs={[
            {
              id: 'movimenti',
              label: 'Movimenti',
              count: (reading?.movements.credit.count ?? 0) + (reading?.movements.debit.count ?? 0),
            },
            { id: 'colonne', label: 'Colonne' },
          ]}
          value={shown}
          onChange={(id) => setTab(id as 'movimenti' | 'colonne')}
          right={
            <Checkbox
              label="Solo pagoPA"
              checked={onlyPagopa}
              onChange={(e) => {
                setOnlyPagopa(e.currentTarget.checked)
                setTab('movimenti')
              }}
            />
          }
        />
      )}
      {refusal !== null && (
        <div className="load-refused">
          <RefusedFile
            error={refusal}
            fileName={file.name}
            onOther={onOther}
            more={
              asTable ? (
                <li>
                  Se le colonne sono altre,{' '}
                  <button type="button" className="link" onClick={() => setTab('colonne')}>
                    indica tu le colonne
                  </button>
                  .
                </li>
              ) : undefined
            }
          />
        </div>
      )}
      {refusal === null && (errors.length > 0 || warnings.length > 0) && (
        <div className={`note ${errors.length > 0 ? 'note-bad' : 'note-warn'} page-note`} role="alert">
          <div className="load-problems">
            {[...errors, ...warnings].slice(0, 6).map((p, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the order is the file's
              <p key={i}>
                {problemPlace(p) !== '' && <b className="strong">{problemPlace(p)}: </b>}
                {p.excerpt !== undefined && p.excerpt !== '' && (
                  <code className={p.severity === 'error' ? 'chip-bad' : 'chip-warn'}>{p.excerpt}</code>
                )}{' '}
                {problemText(p)}
              </p>
            ))}
            {(reading?.problems.total ?? 0) > 6 && (
              <p className="muted">e altri {formatCount((reading?.problems.total ?? 0) - 6)}.</p>
            )}
          </div>
        </div>
      )}
      {reading && refusal === null && (
        <section className="card load-card" aria-label={shown === 'movimenti' ? 'Movimenti' : 'Colonne del file'}>
          {shown === 'movimenti' ? (
            <MovementPreview reading={reading} onlyPagopa={onlyPagopa} />
          ) : (
            <>
              {'missing' in choice ? (
                <p className="load-missing">
                  <ToneText tone="warn">{choice.missing}</ToneText>
                </p>
              ) : (
                used === null && (
                  <p className="load-missing">
                    <Button onClick={() => setMapping(choice.mapping)}>Leggi il file così</Button>
                  </p>
                )
              )}
              <ColumnChooser
                head={reading.head}
                shape={columns.shape}
                roles={columns.roles}
                onShape={(patch) => changeColumns({ ...columns.shape, ...patch }, columns.roles)}
                onRole={(column, role: Role | null) =>
                  changeColumns(columns.shape, withRole(columns.roles, column, role))
                }
              />
            </>
          )}
        </section>
      )}
      {reading && (
        <ConfirmDialog
          opened={asking}
          onClose={() => setAsking(false)}
          title={`${act} su ${account.name}`}
          act={act}
          leave="Torna al file"
          subtitle={reading.from && reading.to ? `Dal ${formatDate(reading.from)} al ${formatDate(reading.to)}.` : ''}
          note={reading.profile === null ? 'Le colonne scelte restano ricordate per questo conto' : ''}
          warning="I movimenti caricati restano nell’archivio: sono la prova degli incassi. Ricaricare lo stesso file non aggiunge niente."
          onConfirm={async () => {
            const done = await client.bankStatement.confirm({
              ...input,
              mapping: mapping ?? reading.mapping,
              saveAs: saveAs.trim() === '' ? null : saveAs.trim(),
            })
            say(
              `${counted(done.added, 'movimento caricato', 'movimenti caricati')}; ${counted(done.matched, 'accredito abbinato da solo', 'accrediti abbinati da soli')}.`,
            )
            if (done.pending > 0) {
              say(
                `${counted(done.pending, 'riga forse già presente aspetta', 'righe forse già presenti aspettano')} una decisione.`,
              )
              void navigate({ to: '/estratti-conto', search: { elenco: 'da-decidere' } as never })
            } else {
              void navigate({ to: '/riconciliazione', search: { estratto: String(done.statementId) } as never })
            }
          }}
        >
          <table className="plain">
            <tbody>
              <tr>
                <td>Nel file</td>
                <td className="right">{formatCount(reading.movements.credit.count + reading.movements.debit.count)}</td>
                <td className="right">
                  <Money cents={reading.movements.credit.cents + reading.movements.debit.cents} />
                </td>
              </tr>
              <tr>
                <td>Nuovi, entrano nei conti</td>
                <td className="right strong">{formatCount(reading.added)}</td>
                <td />
              </tr>
              <tr>
                <td>Già presenti, restano come sono</td>
                <td className="right">{formatCount(reading.already)}</td>
                <td />
              </tr>
              {reading.changed > 0 && (
                <tr>
                  <td>Forse già presenti con altre parole, li decidi tu</td>
                  <td className="right">{formatCount(reading.changed)}</td>
                  <td />
                </tr>
              )}
              {reading.provvisori > 0 && (
                <tr>
                  <td>Numeri di provvisorio</td>
                  <td className="right">{formatCount(reading.provvisori)}</td>
                  <td />
                </tr>
              )}
              {reading.executed > 0 && (
                <tr>
                  <td>Reversali eseguite dal tesoriere</td>
                  <td className="right">{formatCount(reading.executed)}</td>
                  <td />
                </tr>
              )}
            </tbody>
          </table>
          {asTable && reading.profile === null && reading.named === null && (
            <TextInput
              mt={10}
              label="Nome del formato"
              description="Facoltativo: file con queste intestazioni si leggeranno così anche per altri conti"
              placeholder="per esempio Banca Alfa, lista web"
              value={saveAs}
              maxLength={60}
              onChange={(e) => setSaveAs(e.currentTarget.value)}
            />
          )}
        </ConfirmDialog>
      )}
    </Page>
  )
}

/** Problems of the reading as the refusal of a file (picture 12a). */
function refusalOf(
  problems: Reading['problems']['first'],
): ORPCError<'PROBLEM', { problems: Reading['problems']['first'] }> {
  return new ORPCError('PROBLEM', { data: { problems } })
}
