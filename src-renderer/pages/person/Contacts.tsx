import { Button, Select, TextInput } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { type ReactNode, useState } from 'react'
import type { Contract } from '#contract/contract'
import { CONTACT_KINDS } from '#domain/vocabulary'
import { client } from '../../client.ts'
import { DateText } from '../../components/cells.tsx'
import { emailError } from '../../components/checks.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { Card } from '../../components/Page.tsx'
import { ToneText } from '../../components/St.tsx'
import { AddressText } from '../deliveries/AddressText.tsx'

type Contact = InferContractRouterOutputs<Contract>['person']['get']['contacts'][number]
type PersonId = InferContractRouterOutputs<Contract>['person']['get']['person']['id']

/** Present contacts with their validity; a new value closes the old one, which stays in the history. */
export function Contacts({
  personId,
  contacts,
  foot,
}: {
  readonly personId: PersonId
  readonly contacts: readonly Contact[]
  readonly foot?: ReactNode
}) {
  const [editing, setEditing] = useState(false)
  const present = contacts.filter((c) => c.validTo === null)
  return (
    <Card
      title="Recapiti"
      grow
      label="Recapiti"
      foot={foot}
      actions={
        <button type="button" className="link" onClick={() => setEditing(!editing)}>
          {editing ? 'Lascia' : 'Modifica'}
        </button>
      }
    >
      {editing ? (
        <EditContact personId={personId} present={present} onDone={() => setEditing(false)} />
      ) : (
        <ul className="contacts">
          {present.map((c) => (
            <li key={c.id}>
              <ToneText tone={c.failedAt === null ? 'ok' : 'bad'}>
                {c.failedAt === null ? CONTACT_KINDS[c.kind] : `${CONTACT_KINDS[c.kind]}, non funziona`}
              </ToneText>
              <span className="contact-value">
                {c.value.includes('@') ? <AddressText address={c.value} /> : c.value}
              </span>
              <span className="muted small">
                dal <DateText date={c.validFrom} />
              </span>
            </li>
          ))}
          {present.length === 0 && <li className="muted">Nessun recapito: l’avviso si può solo stampare.</li>}
        </ul>
      )}
    </Card>
  )
}

function EditContact({
  personId,
  present,
  onDone,
}: {
  readonly personId: PersonId
  readonly present: readonly Contact[]
  readonly onDone: () => void
}) {
  const [kind, setKind] = useState<Contact['kind']>('pec')
  const now = present.find((c) => c.kind === kind)
  const [values, setValues] = useState<Readonly<Record<string, string>>>({})
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const value = (name: string, initial: string | null | undefined) => values[`${kind}.${name}`] ?? initial ?? ''
  const field = (name: string, label: string, initial: string | null | undefined) => (
    <TextInput
      label={label}
      value={value(name, initial)}
      error={name === 'value' && (kind === 'email' || kind === 'pec') ? emailError(value(name, initial)) : null}
      onChange={(e) => setValues({ ...values, [`${kind}.${name}`]: e.currentTarget.value })}
    />
  )
  const save = async () => {
    if ((kind === 'email' || kind === 'pec') && emailError(value('value', now?.value)) !== null) return
    setBusy(true)
    setError(null)
    try {
      const street = value('street', now?.street)
      const city = value('city', now?.city)
      await client.person.saveContact({
        personId,
        kind,
        value: kind === 'address' ? [street, city].filter(Boolean).join(', ') : value('value', now?.value),
        ...(kind === 'address'
          ? {
              street,
              civicNumber: value('civicNumber', now?.civicNumber) || null,
              postalCode: value('postalCode', now?.postalCode) || null,
              city,
              province: value('province', now?.province) || null,
              country: now?.country ?? 'IT',
            }
          : {}),
      })
      onDone()
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <Select
        label="Recapito"
        value={kind}
        onChange={(next) => setKind((next ?? 'pec') as Contact['kind'])}
        data={Object.entries(CONTACT_KINDS).map(([v, label]) => ({ value: v, label }))}
      />
      {kind === 'address' ? (
        <>
          {field('street', 'Via', now?.street)}
          {field('civicNumber', 'Numero', now?.civicNumber)}
          {field('postalCode', 'CAP', now?.postalCode)}
          {field('city', 'Comune', now?.city)}
          {field('province', 'Provincia', now?.province)}
        </>
      ) : (
        field('value', CONTACT_KINDS[kind], now?.value)
      )}
      <p className="muted small">Vuoto chiude il recapito attuale.</p>
      <ErrorNote error={error} />
      <Button type="submit" variant="filled" loading={busy}>
        Salva il recapito
      </Button>
    </form>
  )
}
