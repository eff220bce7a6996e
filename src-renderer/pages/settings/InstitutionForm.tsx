import { Button, Radio, TextInput } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import { ENVIRONMENTS } from '#domain/vocabulary'
import { client, orpc } from '../../client.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { institutionCodeError } from '../../components/checks.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { askFile, uploadFile } from '../../components/files.ts'
import { useForm } from '../../components/form-state.ts'
import { Card } from '../../components/Page.tsx'
import { say, sayFailure } from '../../components/undo.tsx'
import { SaveFoot } from './SaveFoot.tsx'

type Institution = NonNullable<InferContractRouterOutputs<Contract>['institution']['get']>

export function InstitutionForm() {
  const query = useQuery(orpc.institution.get.queryOptions())
  if (!query.data) return <Card title="Ente">{query.error ? <ErrorNote error={query.error} /> : null}</Card>
  return <Form institution={query.data} />
}

function Form({ institution }: { readonly institution: Institution }) {
  const form = useForm(institution)
  const [asking, setAsking] = useState(false)
  const [word, setWord] = useState('')
  const v = form.values
  const codeError = institutionCodeError(v.fiscalCode)
  const production = v.environment === 'production' && institution.environment !== 'production'
  const save = () => form.submit(({ hasLogo: _hasLogo, ...values }) => client.institution.save(values))
  const logo = async () => {
    const file = await askFile('image/png')
    if (!file) return
    try {
      const { token } = await uploadFile(file)
      await client.institution.setLogo({ token })
      say('Logo salvato: compare sugli avvisi nuovi.')
    } catch (error) {
      sayFailure(error)
    }
  }
  return (
    <Card
      title="Ente"
      about="compare su avvisi, reversali e quietanze"
      grow
      label="Ente"
      foot={
        <SaveFoot
          form={form}
          disabled={codeError !== null}
          onSave={() => (production ? setAsking(true) : void save())}
          left={<ErrorNote error={form.error} />}
        />
      }
    >
      <div className="form-grid">
        <TextInput
          className="span-6"
          label="Nome dell’ente"
          value={v.name}
          onChange={(e) => form.set({ name: e.currentTarget.value })}
        />
        <TextInput
          className="span-3"
          label="Codice fiscale dell’ente"
          value={v.fiscalCode}
          error={codeError}
          maxLength={11}
          onChange={(e) => form.set({ fiscalCode: e.currentTarget.value })}
        />
        <TextInput
          className="span-3"
          label="Ufficio"
          value={v.office}
          onChange={(e) => form.set({ office: e.currentTarget.value })}
        />
        <TextInput
          className="span-6"
          label="Recapiti stampati sotto l’ufficio"
          value={v.info}
          onChange={(e) => form.set({ info: e.currentTarget.value })}
        />
        <TextInput
          className="span-3"
          label="Codice di segregazione"
          value={v.segregationCode}
          maxLength={2}
          error={/^\d{2}$/.test(v.segregationCode) ? null : 'Sono due cifre.'}
          onChange={(e) => form.set({ segregationCode: e.currentTarget.value })}
        />
        <TextInput
          className="span-3"
          label="Codice CBILL"
          value={v.cbill}
          onChange={(e) => form.set({ cbill: e.currentTarget.value })}
        />
        <Radio.Group
          className="span-6"
          label="Ambiente pagoPA"
          value={v.environment}
          onChange={(value) => form.set({ environment: value as Institution['environment'] })}
        >
          <div className="radio-cards">
            {Object.entries(ENVIRONMENTS).map(([value, { name, note }]) => (
              <Radio key={value} value={value} size="xs" label={name} description={note} className="radio-card" />
            ))}
          </div>
        </Radio.Group>
        <div className="span-6 logo-line">
          <span>
            <b className="strong">Logo</b>{' '}
            <span className="muted small">
              PNG, almeno 300 punti di lato, al massimo 1 MB. {institution.hasLogo ? 'Presente.' : 'Assente.'}
            </span>
          </span>
          <Button onClick={() => void logo()}>Scegli file…</Button>
          {institution.hasLogo && (
            <Button
              className="danger"
              onClick={() => void client.institution.setLogo({ token: null }).catch(sayFailure)}
            >
              Togli
            </Button>
          )}
        </div>
      </div>
      <ConfirmDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title="Passa in Produzione"
        subtitle="Da qui in poi gli avvisi sono veri e chi li riceve paga davvero."
        act="Passa in Produzione"
        leave="Resta dove sei"
        danger
        disabled={word.trim().toLowerCase() !== 'produzione'}
        onConfirm={save}
      >
        <TextInput label="Scrivi «produzione»" value={word} onChange={(e) => setWord(e.currentTarget.value)} />
      </ConfirmDialog>
    </Card>
  )
}
