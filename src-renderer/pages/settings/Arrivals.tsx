import { Button, Checkbox, SegmentedControl, Select, Switch } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { IconFolderPlus, IconRefresh } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import type { FolderToken } from '#domain/ports'
import { problemText } from '#domain/problem'
import { client, orpc } from '../../client.ts'
import { counted, TimeText } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { FolderPicker } from '../../components/FolderPicker.tsx'
import { Card } from '../../components/Page.tsx'
import { ToneText } from '../../components/St.tsx'
import { say } from '../../components/toast.ts'
import { StatementFormats } from './StatementFormats.tsx'

type Watched = InferContractRouterOutputs<Contract>['watchedFolder']['list']
type Folder = Watched['folders'][number]

const OUTCOMES: Readonly<
  Record<string, { readonly word: string; readonly tone: 'ok' | 'info' | 'neu' | 'warn' | 'bad' }>
> = {
  added: { word: 'Importato', tone: 'ok' },
  newVersion: { word: 'Nuova versione', tone: 'info' },
  already: { word: 'Già presente', tone: 'neu' },
  otherReceiver: { word: 'Di un altro ente', tone: 'warn' },
  refused: { word: 'Rifiutato', tone: 'bad' },
}

/** Impostazioni · Arrivo dei file: the folders that are looked at by themselves, and the formats that a person named. */
export function Arrivals() {
  const watched = useQuery(orpc.watchedFolder.list.queryOptions())
  const accounts = useQuery(orpc.account.list.queryOptions())
  const queries = useQueryClient()
  const [picking, setPicking] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const attempt = async (work: () => Promise<unknown>) => {
    setError(null)
    setBusy(true)
    try {
      await work()
      await queries.invalidateQueries()
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  const add = (folder: FolderToken) =>
    void attempt(() =>
      client.watchedFolder.save({
        id: null,
        folder,
        kinds: ['flow', 'receipt'],
        active: true,
        after: 'move',
        bankAccountId: null,
      }),
    )
  const scan = () =>
    void attempt(async () => {
      const r = await client.watchedFolder.scanNow()
      const words = [
        counted(r.added, 'file importato', 'file importati'),
        ...(r.already > 0 ? [counted(r.already, 'già presente', 'già presenti')] : []),
        ...(r.refused > 0 ? [counted(r.refused, 'rifiutato', 'rifiutati')] : []),
        ...(r.waiting > 0 ? [`${r.waiting} in attesa`] : []),
      ]
      say(`${words.join(', ')}.`)
    })
  const folders = watched.data?.folders ?? []
  const files = watched.data?.files ?? []
  return (
    <div className="settings-stack">
      <Card
        title="Cartelle tenute d’occhio"
        label="Cartelle tenute d’occhio"
        foot={
          <>
            <Button
              variant="filled"
              leftSection={<IconFolderPlus size={16} stroke={1.7} aria-hidden />}
              onClick={() => setPicking(true)}
            >
              Aggiungi una cartella…
            </Button>
            <Button
              disabled={folders.every((f) => !f.active)}
              loading={busy}
              leftSection={<IconRefresh size={16} stroke={1.7} aria-hidden />}
              onClick={scan}
            >
              Guarda adesso
            </Button>
          </>
        }
      >
        <p className="ink2">
          I flussi, le ricevute e gli estratti conto che altri mettono qui entrano da soli, ognuno una volta, quando la
          copia è finita. Un estratto conto entra solo se si sa di quale conto è e tutto torna; altrimenti resta al suo
          posto, con il motivo, e lo carichi dalla sua pagina.
        </p>
        <ErrorNote error={error ?? watched.error} />
        {folders.length === 0 && watched.isSuccess && <p className="muted">Nessuna cartella finora.</p>}
        {folders.map((folder) => (
          <FolderRow
            key={folder.id}
            folder={folder}
            accounts={accounts.data ?? []}
            onChange={(change) =>
              void attempt(() => {
                const { id, folder: token, kinds, active, after, bankAccountId } = { ...folder, ...change }
                return client.watchedFolder.save({ id, folder: token, kinds, active, after, bankAccountId })
              })
            }
            onRemove={() => void attempt(() => client.watchedFolder.remove({ id: folder.id }))}
          />
        ))}
      </Card>
      {files.length > 0 && (
        <Card title="Ultimi file arrivati" label="Ultimi file arrivati">
          <table className="plain">
            <tbody>
              {files.slice(0, 12).map((f) => (
                <tr key={f.id}>
                  <td>
                    <TimeText at={f.at} />
                  </td>
                  <td className="outcome-name">{f.name}</td>
                  <td>
                    <ToneText tone={(OUTCOMES[f.outcome] ?? { tone: 'neu' as const }).tone}>
                      {OUTCOMES[f.outcome]?.word ?? f.outcome}
                    </ToneText>
                    {f.problems.slice(0, 1).map((p) => (
                      <p key={p.code} className="small">
                        {problemText(p)}
                      </p>
                    ))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Card>
      )}
      <StatementFormats />
      <FolderPicker
        opened={picking}
        onClose={() => setPicking(false)}
        onPick={(place) => add(place.token)}
        act="Tieni d’occhio questa cartella"
      />
    </div>
  )
}

function FolderRow({
  folder,
  accounts,
  onChange,
  onRemove,
}: {
  readonly folder: Folder
  readonly accounts: InferContractRouterOutputs<Contract>['account']['list']
  readonly onChange: (change: Partial<Pick<Folder, 'kinds' | 'active' | 'after' | 'bankAccountId'>>) => void
  readonly onRemove: () => void
}) {
  const toggle = (kind: Folder['kinds'][number]) => {
    const kinds = folder.kinds.includes(kind) ? folder.kinds.filter((k) => k !== kind) : [...folder.kinds, kind]
    if (kinds.length > 0) onChange({ kinds })
  }
  return (
    <section className="watched" aria-label={folder.place}>
      <div className="watched-head">
        <span className="strong">{folder.place}</span>
        <Switch
          label={folder.active ? 'Attiva' : 'Ferma'}
          checked={folder.active}
          onChange={(e) => onChange({ active: e.currentTarget.checked })}
        />
      </div>
      <div className="watched-line">
        <Checkbox label="Flussi" checked={folder.kinds.includes('flow')} onChange={() => toggle('flow')} />
        <Checkbox label="Ricevute" checked={folder.kinds.includes('receipt')} onChange={() => toggle('receipt')} />
        <SegmentedControl
          aria-label="Dopo averli letti"
          data={[
            { value: 'move', label: 'Spostali in «letti»' },
            { value: 'keep', label: 'Lasciali dove sono' },
          ]}
          value={folder.after}
          onChange={(after) => onChange({ after: after as Folder['after'] })}
        />
        <Select
          aria-label="Conto degli estratti senza IBAN"
          className="watched-account"
          placeholder="Conto scritto nel file"
          clearable
          data={accounts.filter((a) => !a.closed).map((a) => ({ value: String(a.id), label: a.name }))}
          value={folder.bankAccountId === null ? null : String(folder.bankAccountId)}
          onChange={(value) => onChange({ bankAccountId: accounts.find((a) => String(a.id) === value)?.id ?? null })}
        />
        <Button className="danger" onClick={onRemove}>
          Non guardarla più
        </Button>
      </div>
      <p className="small muted">
        {folder.lastScanAt === null ? (
          'Ancora nessun file.'
        ) : (
          <>
            Ultimi file <TimeText at={folder.lastScanAt} />.
          </>
        )}{' '}
        {folder.note !== null && <ToneText tone="warn">{folder.note}</ToneText>}
      </p>
      {folder.waiting.length > 0 && (
        <ul className="small watched-waiting" aria-label="File che aspettano">
          {folder.waiting.map((file) => (
            <li key={file.name}>
              <span className="strong">{file.name}</span> {file.problems.slice(0, 2).map(problemText).join(' ')}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
