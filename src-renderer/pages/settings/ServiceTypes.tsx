import { Button, Checkbox, Select, TextInput } from '@mantine/core'
import type { InferContractRouterInputs } from '@orpc/contract'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import { dueRuleInWords } from '#domain/due-rule'
import { groupIban, type Iban } from '#domain/iban'
import { lateFeeRuleInWords } from '#domain/late-fee'
import { type Problem, problemText } from '#domain/problem'
import { isTaxonomyCode, ORDER_TAXONOMY } from '#domain/taxonomy'
import { SERVICE_KINDS } from '#domain/vocabulary'
import { useExercise } from '../../app-state.ts'
import { client, orpc } from '../../client.ts'
import { Money } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { AmountField } from '../../components/fields.tsx'
import { useForm } from '../../components/form-state.ts'
import { Card } from '../../components/Page.tsx'
import { StIcon } from '../../components/St.tsx'
import { DueRuleFields } from '../tariffs/DueRuleFields.tsx'
import { COMMON_CENTS, LateFeeRuleFields, lateFeeRuleError } from '../tariffs/LateFeeRuleFields.tsx'
import { SaveFoot } from './SaveFoot.tsx'
import { SpontaneousFields } from './SpontaneousFields.tsx'
import { TaxonomyField, TaxonomyMark } from './TaxonomyField.tsx'

type Values = InferContractRouterInputs<Contract>['serviceType']['save']

/** Tipi di dovuto: quota, mora, diritti… each with taxonomy code, capitolo and account by default. */
export function ServiceTypes() {
  const year = useExercise()
  const query = useQuery(orpc.serviceType.list.queryOptions())
  const capitoli = useQuery(orpc.capitolo.list.queryOptions({ input: { exercise: year } })).data ?? []
  const accounts = useQuery(orpc.account.list.queryOptions()).data ?? []
  const wrong = useQuery(orpc.taxonomy.wrong.queryOptions()).data ?? []
  const ibanWarnings = useQuery(orpc.node.ibans.queryOptions()).data?.problems ?? []
  const [editing, setEditing] = useState<Values | null>(null)
  const firstCapitolo = capitoli[0]
  const firstAccount = accounts.find((a) => !a.closed)
  if (editing) {
    return (
      <ServiceForm
        service={editing}
        onDone={() => setEditing(null)}
        capitoli={capitoli.map((c) => ({ value: String(c.id), label: `${c.code} ${c.name}` }))}
        accounts={accounts
          .filter((a) => !a.closed || a.id === editing.bankAccountId)
          .map((a) => ({
            value: String(a.id),
            label: [a.name, a.iban === null ? null : groupIban(a.iban), a.closed ? 'chiuso' : null]
              .filter((t) => t !== null)
              .join(' · '),
          }))}
      />
    )
  }
  return (
    <Card
      title="Tipi di dovuto"
      grow
      flush
      label="Tipi di dovuto"
      actions={
        <Button
          leftSection={<IconPlus size={16} stroke={1.7} aria-hidden />}
          disabled={!firstCapitolo || !firstAccount}
          onClick={() =>
            firstCapitolo &&
            firstAccount &&
            setEditing({
              id: null,
              name: '',
              taxonomyCode: ORDER_TAXONOMY.contributiVari,
              capitoloId: firstCapitolo.id,
              bankAccountId: firstAccount.id,
              defaultCausale: '',
              defaultCents: null,
              active: true,
              kind: 'oneOff',
              pagoPa: true,
              dueRule: null,
              lateFeeRule: null,
              spontaneous: false,
              spontaneousCapitoloId: null,
              spontaneousCausale: null,
              spontaneousYear: 0,
            })
          }
        >
          Nuovo tipo
        </Button>
      }
    >
      <ErrorNote error={query.error} />
      <table className="plain">
        <thead>
          <tr>
            <th>Tipo</th>
            <th>Genere</th>
            <th>Scadenza e mora</th>
            <th>Tassonomia</th>
            <th>Capitolo</th>
            <th>Conto</th>
            <th className="right">Importo €</th>
          </tr>
        </thead>
        <tbody>
          {(query.data ?? []).map((s) => {
            const capitolo = capitoli.find((c) => c.id === s.capitoloId)
            return (
              <tr key={s.id} className={s.active ? '' : 'struck'}>
                <td>
                  <button type="button" className="link" onClick={() => setEditing(s)}>
                    {s.name}
                  </button>
                </td>
                <td>{SERVICE_KINDS[s.kind]}</td>
                <td className="cut" title={rulesInWords(s)}>
                  {rulesInWords(s) === '' ? <span className="muted">·</span> : rulesInWords(s)}
                </td>
                <td className="mono nowrap">
                  {s.taxonomyCode} <TaxonomyMark wrong={wrong.find((one) => one.code === s.taxonomyCode)} />
                </td>
                <td>{capitolo ? `${capitolo.code} ${capitolo.name}` : '·'}</td>
                <td title={ibanOf(accounts, s.bankAccountId)}>
                  {accounts.find((a) => a.id === s.bankAccountId)?.name ?? '·'}{' '}
                  {s.active && s.pagoPa && (
                    <IbanMark warnings={ibanWarnings} iban={accounts.find((a) => a.id === s.bankAccountId)?.iban} />
                  )}
                </td>
                <td className="right">
                  <Money cents={s.defaultCents} />
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </Card>
  )
}

/** «il 31 marzo dell’anno di competenza; mora oltre 30 giorni 10 %» */
function rulesInWords({ dueRule, lateFeeRule }: Pick<Values, 'dueRule' | 'lateFeeRule'>): string {
  const words = []
  if (dueRule !== null) words.push(dueRuleInWords(dueRule))
  if (lateFeeRule !== null) words.push(`mora ${lateFeeRuleInWords(lateFeeRule)}`)
  return words.join('; ')
}

function ibanOf(
  accounts: readonly { readonly id: number; readonly iban: Iban | null }[],
  id: number,
): string | undefined {
  const iban = accounts.find((a) => a.id === id)?.iban ?? null
  return iban === null ? undefined : groupIban(iban)
}

/** Beside an account whose IBAN pagoPA would refuse, as far as it was asked. */
function IbanMark({
  warnings,
  iban,
}: {
  readonly warnings: readonly Problem[]
  readonly iban: Iban | null | undefined
}) {
  const warning = warnings.find((one) => iban != null && one.params.iban === iban)
  return warning === undefined ? null : <StIcon tone="warn" word={problemText(warning)} />
}

interface Choice {
  readonly value: string
  readonly label: string
}

function ServiceForm({
  service,
  capitoli,
  accounts,
  onDone,
}: {
  readonly service: Values
  readonly capitoli: readonly Choice[]
  readonly accounts: readonly Choice[]
  readonly onDone: () => void
}) {
  const year = useExercise()
  const form = useForm<Values>(service)
  const v = form.values
  const feeError = lateFeeRuleError(v.lateFeeRule)
  return (
    <Card
      title={service.id === null ? 'Nuovo tipo di dovuto' : service.name}
      grow
      label="Tipo di dovuto"
      foot={
        <SaveFoot
          form={form}
          onLeave={onDone}
          disabled={
            v.name.trim() === '' ||
            v.defaultCausale.trim() === '' ||
            !isTaxonomyCode(v.taxonomyCode) ||
            feeError !== null
          }
          left={feeError === null ? <ErrorNote error={form.error} /> : <span className="t-bad small">{feeError}</span>}
          onSave={() => void form.submit((values) => client.serviceType.save(values)).then((ok) => ok && onDone())}
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
        <TaxonomyField value={v.taxonomyCode} onChange={(taxonomyCode) => form.set({ taxonomyCode })} />
        <TextInput
          className="span-6"
          label="Causale proposta, fino a 140 caratteri"
          maxLength={140}
          value={v.defaultCausale}
          onChange={(e) => form.set({ defaultCausale: e.currentTarget.value })}
        />
        <Select
          className="span-3"
          label="Capitolo"
          value={String(v.capitoloId)}
          data={capitoli}
          onChange={(id) => id && form.set({ capitoloId: Number(id) as never })}
        />
        <Select
          className="span-3"
          label="Conto d’incasso"
          value={String(v.bankAccountId)}
          data={accounts}
          onChange={(id) => id && form.set({ bankAccountId: Number(id) as never })}
        />
        <div className="span-3">
          <AmountField
            label="Importo proposto, euro"
            cents={v.defaultCents}
            onChange={(defaultCents) => form.set({ defaultCents })}
          />
        </div>
        <Select
          className="span-3"
          label="Genere"
          value={v.kind}
          allowDeselect={false}
          data={Object.entries(SERVICE_KINDS).map(([value, label]) => ({ value, label }))}
          onChange={(kind) => kind && form.set({ kind: kind as Values['kind'] })}
        />
        <Checkbox
          className="span-3"
          label="Si paga con pagoPA"
          checked={v.pagoPa}
          onChange={(e) => form.set({ pagoPa: e.currentTarget.checked })}
        />
        <Checkbox
          className="span-3"
          label="In uso"
          checked={v.active}
          onChange={(e) => form.set({ active: e.currentTarget.checked })}
        />
        <SpontaneousFields values={v} capitoli={capitoli} onChange={form.set} />
        <h3 className="span-6 rule-head">Scadenza</h3>
        <DueRuleFields rule={v.dueRule} year={year} onChange={(dueRule) => form.set({ dueRule })} />
        {v.kind !== 'mora' && (
          <>
            <h3 className="span-6 rule-head">Mora</h3>
            <LateFeeRuleFields
              rule={v.lateFeeRule}
              cents={v.defaultCents ?? COMMON_CENTS}
              onChange={(rule) => form.set({ lateFeeRule: rule && { ...rule, steps: [...rule.steps] } })}
            />
          </>
        )}
      </div>
    </Card>
  )
}
