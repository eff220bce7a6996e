import { Button, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import { readFiscalCode, vatCheckDigit } from '#domain/fiscal-code'
import { CATEGORIES, PERSON_FIELDS, PERSON_KINDS } from '#domain/vocabulary'
import { client } from '../../client.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { useForm } from '../../components/form-state.ts'
import { Sheet } from '../../components/Sheet.tsx'
import { say } from '../../components/toast.ts'
import type { CardPerson, PersonId } from './card.ts'

interface Identity {
  readonly kind: 'F' | 'G'
  readonly name: string
  readonly fiscalCode: string
  readonly vatNumber: string
  readonly category: CardPerson['category']
}

const NOBODY: Identity = { kind: 'F', name: '', fiscalCode: '', vatNumber: '', category: 'professionista' }

const identityOf = ({ kind, name, fiscalCode, vatNumber, category }: CardPerson): Identity => ({
  ...{ kind, name, category },
  fiscalCode: fiscalCode ?? '',
  vatNumber: vatNumber ?? '',
})

/** Who a person is: a new one, or the data of one that is there. What it was before stays in its history. */
export function IdentityForm({
  person,
  onClose,
  onSaved,
}: {
  readonly person: CardPerson | null
  readonly onClose: () => void
  readonly onSaved: (id: PersonId) => void
}) {
  const [seen] = useState(() => (person === null ? NOBODY : identityOf(person)))
  const form = useForm<Identity>(seen)
  const { values, set } = form
  const code = codeWords(values.fiscalCode)
  const save = async () => {
    let saved: PersonId | null = null
    const done = await form.submit(async () => {
      const { id, warnings } =
        person === null
          ? await client.person.create(values)
          : await client.person.save({ ...values, id: person.id, seen })
      const [warning] = warnings
      say(warning === undefined ? 'Salvato.' : `Salvato. ${warning}`)
      saved = id
    })
    // Only now nothing is unsaved any more, and the page may be left.
    if (done && saved !== null) onSaved(saved)
  }
  return (
    <Sheet opened onClose={onClose} title={person === null ? 'Nuova persona' : 'Anagrafica'} size={560}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <div className="form-grid">
          <div className="span-6">
            <TextInput
              label={values.kind === 'F' ? 'Cognome e nome' : 'Denominazione'}
              value={values.name}
              maxLength={140}
              data-autofocus
              onChange={(e) => set({ name: e.currentTarget.value })}
            />
          </div>
          <div className="span-3">
            <Select
              label={PERSON_FIELDS.kind}
              value={values.kind}
              allowDeselect={false}
              data={Object.entries(PERSON_KINDS).map(([value, label]) => ({ value, label }))}
              onChange={(value) => set({ kind: value === 'G' ? 'G' : 'F' })}
            />
          </div>
          <div className="span-3">
            <Select
              label={PERSON_FIELDS.category}
              value={values.category}
              allowDeselect={false}
              data={Object.entries(CATEGORIES).map(([value, label]) => ({ value, label }))}
              onChange={(value) => value && set({ category: value as Identity['category'] })}
            />
          </div>
          <div className="span-3">
            <TextInput
              label={PERSON_FIELDS.fiscalCode}
              classNames={{ input: 'mono' }}
              value={values.fiscalCode}
              maxLength={20}
              error={code?.error}
              description={code?.warning}
              onChange={(e) => set({ fiscalCode: e.currentTarget.value.toUpperCase() })}
            />
          </div>
          <div className="span-3">
            <TextInput
              label={PERSON_FIELDS.vatNumber}
              classNames={{ input: 'mono' }}
              value={values.vatNumber}
              maxLength={20}
              error={vatError(values.vatNumber)}
              onChange={(e) => set({ vatNumber: e.currentTarget.value })}
            />
          </div>
        </div>
        <ErrorNote error={form.error} />
        <div className="person-foot">
          {person !== null && (
            <span className="muted small">Ciò che cambi resta nella storia, con il valore di prima.</span>
          )}
          <Button onClick={onClose}>Lascia</Button>
          <Button
            type="submit"
            variant="filled"
            loading={form.busy}
            disabled={!form.changed || values.name.trim() === '' || code?.error !== undefined}
          >
            {person === null ? 'Aggiungi la persona' : 'Salva'}
          </Button>
        </div>
      </form>
    </Sheet>
  )
}

/** What is wrong with a fiscal code while it is typed: a length is complained of only when it cannot grow to be right. */
function codeWords(text: string): { readonly error?: string; readonly warning?: string } | null {
  if (text.trim() === '') return null
  const reading = readFiscalCode(text)
  if (reading.state === 'ok') return null
  if (reading.state === 'suspicious') {
    return { warning: `Il carattere di controllo non torna: forse è ${reading.expected}. Si può salvare lo stesso.` }
  }
  return {
    error:
      reading.reason === 'structure'
        ? 'Lettere e cifre non sono al loro posto: confrontalo con la tessera sanitaria.'
        : `Ha ${reading.length} caratteri: sono 16 per una persona, 11 per una società.`,
  }
}

function vatError(text: string): string | null {
  const value = text.replace(/\s+/g, '').replace(/^IT/i, '')
  if (value === '') return null
  if (!/^\d{11}$/.test(value)) return 'Sono 11 cifre.'
  const expected = vatCheckDigit(value.slice(0, 10))
  return expected === value[10] ? null : `L’ultima cifra non torna: forse è ${expected}.`
}
