import { Button, Select, TextInput } from '@mantine/core'
import type { InferContractRouterInputs, InferContractRouterOutputs } from '@orpc/contract'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import type { IsoDate } from '#domain/date'
import { groupIban, type Iban } from '#domain/iban'
import type { Cents } from '#domain/money'
import { ACCOUNT_KINDS } from '#domain/vocabulary'
import { useExercise } from '../../app-state.ts'
import { client, orpc } from '../../client.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { DateText, formatCount, Money } from '../../components/cells.tsx'
import { ibanError } from '../../components/checks.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { AmountField, DateField } from '../../components/fields.tsx'
import { useForm } from '../../components/form-state.ts'
import { Card } from '../../components/Page.tsx'
import { SaveFoot } from './SaveFoot.tsx'

type Account = InferContractRouterOutputs<Contract>['account']['list'][number]
type Values = InferContractRouterInputs<Contract>['account']['save']

/** Conti: bank, postal, treasury and cash accounts, with what they held when the books opened. */
export function Accounts() {
  const query = useQuery(orpc.account.list.queryOptions())
  const exercise = useExercise()
  const [editing, setEditing] = useState<Values | null>(null)
  const [closing, setClosing] = useState<Account | null>(null)
  const services = useQuery(orpc.serviceType.list.queryOptions()).data ?? []
  const using = services.filter((s) => s.active && s.bankAccountId === closing?.id)
  const empty: Values = {
    id: null,
    kind: 'bank',
    name: '',
    iban: null,
    openingDate: `${exercise}-01-01` as IsoDate,
    openingCents: 0 as Cents,
  }
  if (editing) return <AccountForm account={editing} onDone={() => setEditing(null)} />
  return (
    <Card
      title="Conti e IBAN"
      grow
      flush
      label="Conti"
      actions={
        <Button leftSection={<IconPlus size={16} stroke={1.7} aria-hidden />} onClick={() => setEditing(empty)}>
          Nuovo conto
        </Button>
      }
    >
      <ErrorNote error={query.error} />
      <table className="plain">
        <thead>
          <tr>
            <th>Conto</th>
            <th>Tipo</th>
            <th>IBAN</th>
            <th>C/C postale</th>
            <th>Aperto il</th>
            <th className="right">Saldo iniziale €</th>
            <th className="right">Movimenti</th>
            <th>
              <span className="visually-hidden">Azioni</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {(query.data ?? []).map((a) => (
            <tr key={a.id} className={a.closed ? 'struck' : ''}>
              <td>
                <button type="button" className="link" disabled={a.closed} onClick={() => setEditing(a)}>
                  {a.name}
                </button>
              </td>
              <td>
                {ACCOUNT_KINDS[a.kind]}
                {a.closed ? ', chiuso' : ''}
              </td>
              <td className="mono nowrap">{a.iban === null ? '·' : groupIban(a.iban)}</td>
              <td className="mono">{a.postalAccount ?? '·'}</td>
              <td>
                <DateText date={a.openingDate} />
              </td>
              <td className="right">
                <Money cents={a.openingCents} />
              </td>
              <td className="right">{formatCount(a.movements)}</td>
              <td>
                {!a.closed && (
                  <button type="button" className="link t-bad" onClick={() => setClosing(a)}>
                    Chiudi
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <ConfirmDialog
        opened={closing !== null}
        onClose={() => setClosing(null)}
        title={`Chiudi «${closing?.name ?? ''}»`}
        subtitle="Un conto chiuso non si propone più per incassi ed estratti conto nuovi; i suoi movimenti restano."
        act="Chiudi il conto"
        leave="Torna ai conti"
        danger
        disabled={using.length > 0}
        warning={
          using.length === 0
            ? 'Un conto chiuso non si riapre.'
            : `Un conto chiuso non si riapre. Lo usano ${using.map((s) => `«${s.name}»`).join(', ')}: scegli prima per loro un altro conto, in Tipi di dovuto.`
        }
        onConfirm={() => (closing === null ? undefined : client.account.close({ id: closing.id }))}
      />
    </Card>
  )
}

function AccountForm({ account, onDone }: { readonly account: Values; readonly onDone: () => void }) {
  const form = useForm<Values>(account)
  const [iban, setIban] = useState<string>(account.iban === null ? '' : groupIban(account.iban))
  const wrong = ibanError(iban)
  const v = form.values
  return (
    <Card
      title={account.id === null ? 'Nuovo conto' : account.name}
      grow
      label="Conto"
      foot={
        <SaveFoot
          form={form}
          onLeave={onDone}
          disabled={wrong !== null || v.name.trim() === ''}
          left={<ErrorNote error={form.error} />}
          onSave={() => void form.submit((values) => client.account.save(pick(values))).then((ok) => ok && onDone())}
        />
      }
    >
      <div className="form-grid">
        <TextInput
          className="span-4"
          label="Nome"
          value={v.name}
          onChange={(e) => form.set({ name: e.currentTarget.value })}
        />
        <Select
          className="span-2"
          label="Tipo"
          value={v.kind}
          data={Object.entries(ACCOUNT_KINDS).map(([value, label]) => ({ value, label }))}
          onChange={(kind) => form.set({ kind: (kind ?? 'bank') as Values['kind'] })}
        />
        <TextInput
          className="span-6"
          label="IBAN"
          value={iban}
          error={wrong}
          classNames={{ input: 'mono' }}
          onChange={(e) => {
            const text = e.currentTarget.value
            setIban(text)
            if (ibanError(text) === null) {
              const compact = text.replace(/\s+/g, '').toUpperCase()
              form.set({ iban: compact === '' ? null : (compact as Iban) })
            }
          }}
        />
        <div className="span-3">
          <DateField
            label="Aperto nei conti dal"
            value={v.openingDate}
            onChange={(d) => d && form.set({ openingDate: d })}
          />
        </div>
        <div className="span-3">
          <AmountField
            label="Saldo iniziale, euro"
            cents={v.openingCents}
            onChange={(c) => form.set({ openingCents: c ?? (0 as Cents) })}
          />
        </div>
      </div>
    </Card>
  )
}

/** Only what the contract takes: rows of the list carry more. */
function pick({ id, kind, name, iban, openingDate, openingCents }: Values): Values {
  return { id, kind, name, iban, openingDate, openingCents }
}
