import { Checkbox, Select } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { useQuery } from '@tanstack/react-query'
import type { Contract } from '#contract/contract'
import { namesGivingBack } from '#domain/standard-chart'
import { useExercise } from '../../app-state.ts'
import { client, orpc } from '../../client.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { useForm } from '../../components/form-state.ts'
import { Card } from '../../components/Page.tsx'
import { RadioCards } from '../../components/RadioCards.tsx'
import { say } from '../../components/toast.ts'
import { SaveFoot } from './SaveFoot.tsx'

type Rules = InferContractRouterOutputs<Contract>['bookRule']['get']

/** Regole dei libri: how reversali are made and when a payment counts as collected. */
export function BookRules() {
  const rules = useQuery(orpc.bookRule.get.queryOptions())
  if (!rules.data) return <ErrorNote error={rules.error} />
  return <Form key={JSON.stringify(rules.data)} rules={rules.data} />
}

function Form({ rules }: { readonly rules: Rules }) {
  const form = useForm<Rules>(rules)
  const v = form.values
  const year = useExercise()
  const capitoli = useQuery(orpc.capitolo.list.queryOptions({ input: { exercise: year } })).data ?? []
  const choices = capitoli.map((c) => ({ value: String(c.id), label: `${c.code} ${c.name}` }))
  return (
    <Card
      title="Regole dei libri"
      about="valgono da quando le cambi: le reversali già emesse restano come sono"
      grow
      label="Regole dei libri"
      foot={
        <SaveFoot
          form={form}
          left={<ErrorNote error={form.error} />}
          onSave={() =>
            void form
              .submit((values) => client.bookRule.save(values))
              .then((ok) => ok && say('Regole dei libri salvate.'))
          }
        />
      }
    >
      <RadioCards
        label="Una reversale per"
        value={v.reversaleGrouping}
        onChange={(reversaleGrouping) => form.set({ reversaleGrouping })}
        choices={[
          { value: 'flow', label: 'Flusso e capitolo', description: 'ogni flusso dà una reversale per capitolo' },
          { value: 'payer', label: 'Debitore', description: 'come sopra, una per ciascuna persona' },
          { value: 'day', label: 'Giorno', description: 'gli accrediti di un giorno insieme' },
        ]}
      />
      <RadioCards
        label="Data contabile proposta"
        mt={14}
        value={v.reversaleDate}
        onChange={(reversaleDate) => form.set({ reversaleDate })}
        choices={[
          { value: 'bankDate', label: 'Data dell’accredito', description: 'mai prima dell’ultima reversale' },
          { value: 'postingDay', label: 'Giorno dell’emissione', description: 'il giorno in cui si emette' },
        ]}
      />
      <Checkbox
        mt={18}
        label="Riscuoti solo i pagamenti di cui c’è la ricevuta"
        description="Un pagamento rendicontato e accreditato aspetta la sua ricevuta telematica (RT). Vale anche per il passato: le reversali di pagamenti senza ricevuta vanno in allarme, da annullare o da tenere."
        checked={v.requireReceipt}
        onChange={(e) => form.set({ requireReceipt: e.currentTarget.checked })}
      />
      <Checkbox
        mt={12}
        label="Permetti di annullare una reversale già eseguita dal tesoriere"
        description="Sui conti di tesoreria di solito non si può: si corregge con un mandato."
        checked={v.annulExecuted}
        onChange={(e) => form.set({ annulExecuted: e.currentTarget.checked })}
      />
      <Select
        mt={18}
        maw={460}
        label="Capitolo delle somme da restituire"
        description="Vi si accerta ciò che è stato pagato due volte o in più, a nome di chi ha pagato. Di solito è una partita di giro."
        placeholder={givenBackByName(capitoli)}
        clearable
        data={choices}
        value={v.excessCapitolo === null ? null : String(v.excessCapitolo)}
        onChange={(id) => form.set({ excessCapitolo: id === null ? null : (Number(id) as never) })}
      />
      <Select
        mt={14}
        maw={460}
        label="Capitolo delle entrate da identificare"
        description="Vi si accerta, se lo decidi riga per riga, il denaro di cui non si sa il proprietario. Senza, resta elencato e non regolarizzato."
        placeholder="Nessuno: resta elencato"
        clearable
        data={choices}
        value={v.unidentifiedCapitolo === null ? null : String(v.unidentifiedCapitolo)}
        onChange={(id) => form.set({ unidentifiedCapitolo: id === null ? null : (Number(id) as never) })}
      />
    </Card>
  )
}

/** The one that is taken while none is chosen. */
function givenBackByName(capitoli: readonly { readonly kind: string; readonly code: string; readonly name: string }[]) {
  const found = capitoli.find(({ kind, name }) => kind === 'partitaDiGiro' && namesGivingBack(name))
  return found ? `${found.code} ${found.name}` : 'Nessuno: da scegliere'
}
