import { Button, PasswordInput, Switch, Textarea, TextInput } from '@mantine/core'
import type { InferContractRouterInputs, InferContractRouterOutputs } from '@orpc/contract'
import { IconDeviceMobile } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import { NOTICE_FIELDS } from '#domain/letter'
import { useAppState } from '../../app-state.ts'
import { client, orpc } from '../../client.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { FieldChips } from '../../components/FieldChips.tsx'
import { useFieldInsert } from '../../components/field-insert.ts'
import { useForm } from '../../components/form-state.ts'
import { Card } from '../../components/Page.tsx'
import { useKeys } from '../../keys.ts'
import { PacingFields, pacingReady } from './PacingFields.tsx'
import { useProbe } from './probe.ts'
import { SaveFoot } from './SaveFoot.tsx'
import { TestLog } from './TestLog.tsx'

type Service = InferContractRouterOutputs<Contract>['ioService']['get']
type Values = InferContractRouterInputs<Contract>['ioService']['save']

/** App IO: off until the institution has its own service and key. */
export function AppIo() {
  const query = useQuery(orpc.ioService.get.queryOptions())
  if (!query.data) return <Card title="App IO">{query.error ? <ErrorNote error={query.error} /> : null}</Card>
  return <ServiceForm service={query.data} />
}

function ServiceForm({ service }: { readonly service: Service }) {
  const { hasKey, ...rest } = service
  const form = useForm<Values>({ ...rest, key: null })
  const secrets = useAppState().data?.ledger.secretsPlace
  const [fiscalCode, setFiscalCode] = useState('')
  const v = form.values
  const text = v.publication ?? service.publication
  const write = (patch: Partial<typeof text>) => form.set({ publication: { ...text, ...patch } })
  const { ref, insert } = useFieldInsert<HTMLTextAreaElement>(text.body, (body) => write({ body }))
  const can = hasKey && !form.changed && fiscalCode.trim().length === 16
  const probe = useProbe(() => client.ioService.test({ fiscalCode: fiscalCode.trim().toUpperCase() }))
  useKeys([{ keys: 'F9', label: 'prova', run: () => can && void probe.go() }])
  return (
    <Card
      title="App IO"
      about={service.enabled ? 'accesa' : 'spenta'}
      grow
      label="App IO"
      foot={
        <SaveFoot
          form={form}
          disabled={
            !pacingReady(v.pacing) || v.baseUrl.trim() === '' || text.subject.trim() === '' || text.body.trim() === ''
          }
          triable={!form.changed}
          onSave={() => void form.submit((values) => client.ioService.save(values))}
          left={
            <>
              <TextInput
                aria-label="Codice fiscale di prova"
                placeholder="Codice fiscale di prova"
                w={190}
                value={fiscalCode}
                onChange={(e) => setFiscalCode(e.currentTarget.value)}
              />
              <Button
                variant={form.changed ? 'default' : 'filled'}
                leftSection={<IconDeviceMobile size={16} stroke={1.7} aria-hidden />}
                disabled={!can}
                loading={probe.busy}
                onClick={() => void probe.go()}
              >
                Prova
              </Button>
              <span className="muted small">
                {form.changed ? 'prima salva' : hasKey ? 'guarda se può ricevere, non manda niente' : 'serve la chiave'}
              </span>
            </>
          }
        />
      }
    >
      <p className="ink2 form-note">
        Chi ha l’app riceve l’avviso con i dati per pagarlo; chi non ce l’ha, o ha spento il servizio, resta fuori e lo
        vedi fra le consegne. Serve un servizio dell’ente su App IO: la chiave si crea nel suo pannello.
      </p>
      <div className="form-grid">
        <div className="span-6">
          <Switch
            label="Consegna anche su App IO"
            checked={v.enabled}
            onChange={(e) => form.set({ enabled: e.currentTarget.checked })}
          />
        </div>
        <PasswordInput
          className="span-3"
          label="Chiave del servizio"
          description="Quella primaria, dal pannello di App IO."
          placeholder={hasKey ? 'salvata: scrivi per cambiarla' : ''}
          autoComplete="new-password"
          value={v.key ?? ''}
          onChange={(e) => form.set({ key: e.currentTarget.value === '' ? null : e.currentTarget.value })}
        />
        <TextInput
          className="span-3"
          label="Indirizzo del servizio"
          description="Quello ufficiale, se non stai facendo prove."
          value={v.baseUrl}
          onChange={(e) => form.set({ baseUrl: e.currentTarget.value })}
        />
      </div>
      {secrets !== undefined && <p className="muted small form-note">La chiave si conserva in: {secrets}.</p>}
      <section className="form-part" aria-label="Messaggio alla pubblicazione">
        <div className="form-part-head">
          <h3>Messaggio alla pubblicazione</h3>
        </div>
        <p className="muted small form-note">
          Parte da sé quando le posizioni diventano pagabili sul nodo, se lo accendi in{' '}
          <Link to="/impostazioni/$voce" params={{ voce: 'nodo' }}>
            Nodo pagoPA
          </Link>
          . Una volta sola per ogni avviso; chi ha già pagato o non vuole messaggi resta fuori.
        </p>
        <div className="form-grid">
          <TextInput
            className="span-6"
            label="Oggetto"
            value={text.subject}
            maxLength={200}
            onChange={(e) => write({ subject: e.currentTarget.value })}
          />
          <Textarea
            ref={ref}
            className="span-6"
            label="Testo"
            autosize
            minRows={6}
            maxRows={14}
            value={text.body}
            maxLength={10_000}
            onChange={(e) => write({ body: e.currentTarget.value })}
          />
          <div className="span-6">
            <FieldChips fields={NOTICE_FIELDS} onInsert={insert} />
          </div>
        </div>
      </section>
      <section className="form-part">
        <div className="form-part-head">
          <h3>Ritmo e ore d’invio</h3>
        </div>
        <div className="form-grid">
          <PacingFields pacing={v.pacing} onChange={(pacing) => form.set({ pacing })} />
        </div>
      </section>
      <ErrorNote error={form.error ?? probe.error} />
      {probe.result && <TestLog steps={probe.result} />}
    </Card>
  )
}
