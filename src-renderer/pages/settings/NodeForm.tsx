import { Button, NumberInput, PasswordInput, Select, Switch, TextInput } from '@mantine/core'
import { IconPlugConnected } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { NODE_PRODUCTS, type NodeProduct } from '#domain/node-ports'
import { ENVIRONMENTS, NODE_PRODUCT_NAMES } from '#domain/vocabulary'
import { client, orpc } from '../../client.ts'
import { TimeText } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { DateField } from '../../components/fields.tsx'
import { type FormState, useForm } from '../../components/form-state.ts'
import { Card } from '../../components/Page.tsx'
import { ToneText } from '../../components/St.tsx'
import { useKeys } from '../../keys.ts'
import {
  brokerError,
  type Connection,
  isReady,
  type NodeState,
  type NodeValues,
  returnUrlError,
  stationError,
  toSave,
  valuesOf,
} from './node-form.ts'
import { useProbe } from './probe.ts'
import { SaveFoot } from './SaveFoot.tsx'
import { TestLog } from './TestLog.tsx'

const USES: Readonly<Record<NodeProduct, string>> = {
  gpd: 'posizioni, carico massivo, ricevute',
  fdr: 'che cosa è stato riversato',
  checkout: 'link per pagare subito',
  backoffice: 'IBAN e stazioni dell’ente',
}

const EVERY = [
  { value: '0', label: 'Solo quando lo chiedo' },
  { value: '15', label: 'Ogni quarto d’ora' },
  { value: '30', label: 'Ogni mezz’ora' },
  { value: '60', label: 'Ogni ora' },
  { value: '240', label: 'Ogni quattro ore' },
  { value: '1440', label: 'Una volta al giorno' },
]

/** One environment: codes, services with their keys, how the program uses it. */
export function NodeForm({
  connection,
  state,
  head,
}: {
  readonly connection: Connection
  readonly state: NodeState
  readonly head: ReactNode
}) {
  const { environment } = connection
  const form = useForm<NodeValues>(valuesOf(connection))
  const v = form.values
  const queries = useQueryClient()
  const [step, setStep] = useState<string | null>(null)
  const probe = useProbe(async () => {
    try {
      const work = await client.node.test({ environment })
      for (;;) {
        const beat = await work.next()
        if (beat.done) return beat.value
        setStep(beat.value.step)
      }
    } finally {
      setStep(null)
      // Not a write of the ledger: nobody else says that the answer has changed.
      void queries.invalidateQueries({ queryKey: orpc.node.get.key() })
    }
  })
  const triable = !form.changed && NODE_PRODUCTS.some((product) => v.products[product])
  useKeys([{ keys: 'F9', label: 'prova', run: () => triable && void probe.go() }])
  return (
    <Card
      title="Ambiente"
      about={ENVIRONMENTS[environment].name}
      grow
      label="Nodo pagoPA"
      foot={
        <SaveFoot
          form={form}
          disabled={!isReady(v)}
          triable={!form.changed}
          onSave={() => void form.submit((values) => client.node.save(toSave(values)))}
          left={
            <>
              <Button
                variant={form.changed ? 'default' : 'filled'}
                leftSection={<IconPlugConnected size={16} stroke={1.7} aria-hidden />}
                disabled={!triable}
                loading={probe.busy}
                onClick={() => void probe.go()}
              >
                Prova collegamento
              </Button>
              <span className="muted small" aria-live="polite">
                {form.changed ? (
                  'prima salva'
                ) : step !== null ? (
                  `${step}…`
                ) : connection.testedAt === null ? (
                  'chiede soltanto, non cambia niente sul nodo'
                ) : (
                  <>
                    riuscita <TimeText at={connection.testedAt} />
                  </>
                )}
              </span>
            </>
          }
        />
      }
    >
      {head}
      <Codes form={form} state={state} />
      <Services form={form} connection={connection} place={state.secretsPlace} />
      <Use form={form} />
      <Returns form={form} />
      <ErrorNote error={form.error ?? probe.error} />
      {probe.result && <TestLog steps={probe.result.steps} />}
    </Card>
  )
}

function Codes({ form, state }: { readonly form: FormState<NodeValues>; readonly state: NodeState }) {
  const v = form.values
  const broker = v.brokerCode ?? state.fiscalCode
  const text = (value: string) => (value.trim() === '' ? null : value.trim())
  return (
    <div className="form-grid">
      <TextInput
        className="span-2"
        label="Intermediario tecnologico"
        description="Codice fiscale; vuoto: l’ente stesso."
        placeholder={state.fiscalCode}
        maxLength={11}
        value={v.brokerCode ?? ''}
        error={brokerError(v.brokerCode)}
        onChange={(e) => form.set({ brokerCode: text(e.currentTarget.value) })}
      />
      <TextInput
        className="span-2"
        label="Stazione"
        description="Dal Back office pagoPA."
        placeholder={`${broker}_01`}
        maxLength={14}
        value={v.stationCode ?? ''}
        error={stationError(v.stationCode)}
        onChange={(e) => form.set({ stationCode: text(e.currentTarget.value) })}
      />
      <div className="span-2">
        <DateField
          label="Attivo dal"
          description="Prima di quel giorno non pubblica."
          value={v.activeFrom}
          onChange={(activeFrom) => form.set({ activeFrom })}
        />
      </div>
    </div>
  )
}

function Services({
  form,
  connection,
  place,
}: {
  readonly form: FormState<NodeValues>
  readonly connection: Connection
  readonly place: string
}) {
  const v = form.values
  const rehearsal = connection.environment === 'rehearsal'
  return (
    <section className="form-part">
      <div className="form-part-head">
        <h3>Servizi e chiavi</h3>
      </div>
      <table className="plain node-services">
        <thead>
          <tr>
            <th scope="col">Servizio</th>
            <th scope="col">Chiave</th>
            <th scope="col">Stato</th>
          </tr>
        </thead>
        <tbody>
          {NODE_PRODUCTS.map((product) => {
            const { hasKey } = connection.products[product]
            const typed = v.keys[product]
            const setKey = (key: string | null) => form.set({ keys: { ...v.keys, [product]: key } })
            return (
              <tr key={product}>
                <td>
                  <Switch
                    size="xs"
                    label={NODE_PRODUCT_NAMES[product]}
                    description={USES[product]}
                    checked={v.products[product]}
                    onChange={(e) => form.set({ products: { ...v.products, [product]: e.currentTarget.checked } })}
                  />
                </td>
                <td>
                  {rehearsal ? (
                    <span className="muted small">quella del nodo di prova</span>
                  ) : (
                    <PasswordInput
                      aria-label={`Chiave ${NODE_PRODUCT_NAMES[product]}`}
                      placeholder={hasKey ? 'salvata: scrivi per cambiarla' : 'dal Back office pagoPA'}
                      autoComplete="new-password"
                      disabled={!v.products[product]}
                      value={typed ?? ''}
                      onChange={(e) => setKey(e.currentTarget.value === '' ? null : e.currentTarget.value)}
                    />
                  )}
                </td>
                <td className="nowrap">
                  <KeyState on={v.products[product]} hasKey={hasKey} typed={typed} />
                  {!rehearsal && hasKey && typed === null && (
                    <button type="button" className="link small" onClick={() => setKey('')}>
                      Togli
                    </button>
                  )}
                  {typed === '' && (
                    <button type="button" className="link small" onClick={() => setKey(null)}>
                      Tieni
                    </button>
                  )}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
      {!rehearsal && <p className="muted small">Le chiavi si conservano in: {place}.</p>}
    </section>
  )
}

function KeyState({
  on,
  hasKey,
  typed,
}: {
  readonly on: boolean
  readonly hasKey: boolean
  readonly typed: string | null
}) {
  if (typed === '') return <ToneText tone="warn">Da togliere</ToneText>
  if (typed !== null) return <ToneText tone="info">Da salvare</ToneText>
  if (!on) return <ToneText tone="neu">Spento</ToneText>
  return hasKey ? <ToneText tone="ok">C’è</ToneText> : <ToneText tone="warn">Manca</ToneText>
}

function Use({ form }: { readonly form: FormState<NodeValues> }) {
  const v = form.values
  const every = String(v.receiveEveryMinutes)
  const known = EVERY.some(({ value }) => value === every)
  return (
    <section className="form-part">
      <div className="form-part-head">
        <h3>Che cosa fa da sé</h3>
      </div>
      <div className="form-grid">
        <div className="span-6">
          <Switch
            label="Pubblica da sé le nuove posizioni"
            checked={v.autoPublish}
            onChange={(e) => form.set({ autoPublish: e.currentTarget.checked })}
          />
        </div>
        <div className="span-6">
          <Switch
            label="Messaggio su App IO alla pubblicazione"
            description="Solo se App IO è accesa."
            checked={v.ioOnPublication}
            onChange={(e) => form.set({ ioOnPublication: e.currentTarget.checked })}
          />
        </div>
        <Select
          className="span-3"
          label="Riceve ricevute e flussi"
          description="E ogni volta che apri il programma."
          allowDeselect={false}
          value={every}
          data={known ? EVERY : [...EVERY, { value: every, label: `Ogni ${every} minuti` }]}
          onChange={(value) => form.set({ receiveEveryMinutes: Number(value ?? every) })}
        />
        <NumberInput
          className="span-3"
          label="Carico massivo a partire da"
          description="Posizioni in una volta sola."
          min={1}
          max={100_000}
          thousandSeparator="."
          decimalSeparator=","
          allowDecimal={false}
          value={v.massiveFrom}
          onChange={(value) => typeof value === 'number' && form.set({ massiveFrom: value })}
        />
      </div>
    </section>
  )
}

const RETURNS = [
  ['ok', 'Dopo il pagamento'],
  ['cancel', 'Se chi paga rinuncia'],
  ['error', 'Se qualcosa va storto'],
] as const

function Returns({ form }: { readonly form: FormState<NodeValues> }) {
  const v = form.values
  if (!v.products.checkout) return null
  return (
    <section className="form-part">
      <div className="form-part-head">
        <h3>Dove torna chi paga con Checkout</h3>
      </div>
      <p className="small ink2">
        Tre pagine del sito dell’ente. Il ritorno non prova che abbia pagato: lo prova la ricevuta.
        {v.environment === 'rehearsal' && ' In Prova si possono lasciare vuote.'}
      </p>
      <div className="form-grid">
        {RETURNS.map(([key, label]) => (
          <TextInput
            key={key}
            className="span-6"
            label={label}
            placeholder="https://"
            maxLength={500}
            value={v.returnUrls[key]}
            error={returnUrlError(v.returnUrls[key], v.returnUrls)}
            onChange={(e) => form.set({ returnUrls: { ...v.returnUrls, [key]: e.currentTarget.value } })}
          />
        ))}
      </div>
    </section>
  )
}
