import { Button, Select, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { CONTACT_KINDS } from '#domain/vocabulary'
import { client } from '../../client.ts'
import { DateText, Mono } from '../../components/cells.tsx'
import { emailError, ibanError } from '../../components/checks.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { Card } from '../../components/Page.tsx'
import { ToneText } from '../../components/St.tsx'
import { sayFailure } from '../../components/toast.ts'
import { AddressText } from '../deliveries/AddressText.tsx'
import type { Contact, PersonId } from './card.ts'

type Look = 'present' | 'past' | 'edit'

/** Present contacts with their validity; a new value closes the old one, which stays in the history. */
export function Contacts({
  personId,
  contacts,
  fixed,
  foot,
}: {
  readonly personId: PersonId
  readonly contacts: readonly Contact[]
  /** Nothing may be written any more. */
  readonly fixed: boolean
  readonly foot?: ReactNode
}) {
  const [look, setLook] = useState<Look>('present')
  const present = contacts.filter((c) => c.validTo === null)
  const past = contacts.filter((c) => c.validTo !== null)
  const link = (to: Look, label: string) => (
    <button type="button" className="link" onClick={() => setLook(look === to ? 'present' : to)}>
      {look === to ? 'Lascia' : label}
    </button>
  )
  return (
    <Card
      title="Recapiti"
      grow
      label="Recapiti"
      foot={foot}
      actions={
        <>
          {past.length > 0 && look !== 'edit' && link('past', 'Storia')}
          {!fixed && look !== 'past' && link('edit', 'Modifica')}
        </>
      }
    >
      {look === 'edit' ? (
        <EditContact personId={personId} present={present} onDone={() => setLook('present')} />
      ) : (
        <ul className="contacts">
          {(look === 'past' ? past : present).map((c) => (
            <li key={c.id}>
              <ContactName contact={c} />
              <span className="contact-value">
                <ContactValue contact={c} />
              </span>
              <span className="muted small">
                dal <DateText date={c.validFrom} />
                {c.validTo !== null && (
                  <>
                    {' '}
                    al <DateText date={c.validTo} />
                  </>
                )}
                {c.source !== '' && `, ${c.source}`}
                {!fixed &&
                  c.validTo === null &&
                  c.failedBy !== 'delivery' &&
                  (c.kind === 'email' || c.kind === 'pec') && (
                    <>
                      {' · '}
                      <button
                        type="button"
                        className="link"
                        onClick={() =>
                          void client.person.markContact({ id: c.id, failing: c.failedBy === null }).catch(sayFailure)
                        }
                      >
                        {c.failedBy === null ? 'segna che non funziona' : 'segna che funziona'}
                      </button>
                    </>
                  )}
              </span>
            </li>
          ))}
          {look === 'present' && present.length === 0 && (
            <li className="muted">
              {fixed ? 'I recapiti sono stati cancellati.' : 'Nessun recapito: l’avviso si può solo stampare.'}
            </li>
          )}
        </ul>
      )}
    </Card>
  )
}

function ContactName({ contact: c }: { readonly contact: Contact }) {
  if (c.validTo !== null) return <span className="muted">{CONTACT_KINDS[c.kind]}</span>
  return (
    <ToneText tone={c.failedAt === null ? 'ok' : 'bad'}>
      {c.failedAt === null ? CONTACT_KINDS[c.kind] : `${CONTACT_KINDS[c.kind]}, non funziona`}
    </ToneText>
  )
}

function ContactValue({ contact: c }: { readonly contact: Contact }) {
  if (c.value.includes('@')) return <AddressText address={c.value} />
  return c.kind === 'iban' ? <Mono>{c.value}</Mono> : c.value
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
  const wrong = (text: string) =>
    kind === 'email' || kind === 'pec' ? emailError(text) : kind === 'iban' ? ibanError(text) : null
  const field = (name: string, label: string, initial: string | null | undefined) => (
    <TextInput
      label={label}
      value={value(name, initial)}
      error={name === 'value' ? wrong(value(name, initial)) : null}
      onChange={(e) => setValues({ ...values, [`${kind}.${name}`]: e.currentTarget.value })}
    />
  )
  const save = async () => {
    if (kind !== 'address' && wrong(value('value', now?.value)) !== null) return
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
