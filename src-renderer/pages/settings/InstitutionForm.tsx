import { TextInput } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { useQuery } from '@tanstack/react-query'
import type { Contract } from '#contract/contract'
import { client, orpc } from '../../client.ts'
import { cbillError, institutionCodeError, segregationError } from '../../components/checks.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { uploadFile } from '../../components/files.ts'
import { useForm } from '../../components/form-state.ts'
import { LogoField } from '../../components/LogoField.tsx'
import { useObjectUrl } from '../../components/object-url.ts'
import { Card } from '../../components/Page.tsx'
import { say, sayFailure } from '../../components/toast.ts'
import { SaveFoot } from './SaveFoot.tsx'

type Institution = NonNullable<InferContractRouterOutputs<Contract>['institution']['get']>

export function InstitutionForm() {
  const query = useQuery(orpc.institution.get.queryOptions())
  if (!query.data) return <Card title="Ente">{query.error ? <ErrorNote error={query.error} /> : null}</Card>
  return <Form institution={query.data} />
}

function Form({ institution }: { readonly institution: Institution }) {
  const form = useForm(institution)
  const v = form.values
  const codeError = institutionCodeError(v.fiscalCode)
  const save = () =>
    form.submit(({ hasLogo: _hasLogo, environment: _environment, ...values }) => client.institution.save(values))
  const setLogo = async (file: File | null) => {
    await client.institution.setLogo({ token: file === null ? null : (await uploadFile(file)).token })
    say(file === null ? 'Logo tolto: gli avvisi escono senza.' : 'Logo salvato: compare sugli avvisi.')
  }
  const stored = useQuery(orpc.institution.logo.queryOptions({ enabled: institution.hasLogo })).data
  const logo = useObjectUrl(institution.hasLogo ? (stored ?? null) : null)
  const missing = v.name.trim() === '' ? 'Manca il nome.' : null
  const wrong = [missing, codeError, segregationError(v.segregationCode), cbillError(v.cbill)]
  return (
    <Card
      title="Ente"
      about="compare su avvisi, reversali e quietanze"
      grow
      label="Ente"
      foot={
        <SaveFoot
          form={form}
          disabled={wrong.some((e) => e !== null)}
          onSave={() => void save()}
          left={<ErrorNote error={form.error} />}
        />
      }
    >
      <div className="form-grid">
        <TextInput
          className="span-6"
          label="Nome dell’ente"
          value={v.name}
          error={missing}
          maxLength={100}
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
          maxLength={50}
          onChange={(e) => form.set({ office: e.currentTarget.value })}
        />
        <TextInput
          className="span-6"
          label="Recapiti stampati sotto l’ufficio"
          value={v.info}
          maxLength={100}
          onChange={(e) => form.set({ info: e.currentTarget.value })}
        />
        <TextInput
          className="span-3"
          label="Codice di segregazione"
          value={v.segregationCode}
          maxLength={2}
          error={segregationError(v.segregationCode)}
          onChange={(e) => form.set({ segregationCode: e.currentTarget.value })}
        />
        <TextInput
          className="span-3"
          label="Codice CBILL"
          value={v.cbill}
          error={cbillError(v.cbill)}
          maxLength={5}
          onChange={(e) => form.set({ cbill: e.currentTarget.value.toUpperCase() })}
        />
        {v.segregationCode !== institution.segregationCode && segregationError(v.segregationCode) === null && (
          <p className="note note-warn span-6">
            Gli avvisi nuovi prenderanno numeri che cominciano per 3{v.segregationCode}; quelli già emessi tengono il
            loro e restano pagabili. Cambialo solo se te lo ha assegnato pagoPA: un codice di altri manda i pagamenti a
            chi lo usa.
          </p>
        )}
        <LogoField url={logo} onFile={setLogo} onRemove={() => setLogo(null).catch(sayFailure)} />
      </div>
    </Card>
  )
}
