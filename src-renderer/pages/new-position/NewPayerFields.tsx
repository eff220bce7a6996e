import { Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Id } from '#domain/brand'
import { readFiscalCode } from '#domain/fiscal-code'
import { CATEGORIES, FIELDS } from '#domain/vocabulary'
import { orpc } from '../../client.ts'
import { emailError } from '../../components/checks.ts'
import { type NewPayer, payerCodeProblem } from './draft.ts'

/** A person who is not in the register yet: born with the position. */
export function NewPayerFields({
  person,
  onChange,
  onChoose,
}: {
  readonly person: NewPayer
  readonly onChange: (patch: Partial<NewPayer>) => void
  /** The person turned out to be there already. */
  readonly onChoose: (id: Id<'person'>) => void
}) {
  const reading = readFiscalCode(person.fiscalCode)
  const code = reading.state === 'wrong' ? '' : reading.code
  const known = useQuery(
    orpc.person.list.queryOptions({
      input: { filters: {}, search: code, sort: null, offset: 0, limit: 2 },
      enabled: code !== '',
    }),
  ).data?.rows.find((row) => row.fiscalCode === code)
  const wrong = payerCodeProblem(person.fiscalCode)
  const text = (key: keyof NewPayer, label: string, span: string, maxLength: number, error: string | null = null) => (
    <TextInput
      className={span}
      label={label}
      maxLength={maxLength}
      value={person[key]}
      error={error}
      onChange={(e) => onChange({ [key]: e.currentTarget.value })}
    />
  )
  return (
    <>
      <div className="form-grid payer-grid">
        <TextInput
          className="span-4"
          label="Cognome e nome, o denominazione"
          maxLength={70}
          data-autofocus
          autoFocus={person.name === ''}
          value={person.name}
          onChange={(e) => onChange({ name: e.currentTarget.value })}
        />
        <Select
          className="span-2"
          label={FIELDS.category}
          data={Object.entries(CATEGORIES).map(([value, label]) => ({ value, label }))}
          value={person.category}
          allowDeselect={false}
          onChange={(category) => category && onChange({ category: category as NewPayer['category'] })}
        />
        <TextInput
          className="span-2"
          label={FIELDS.fiscalCode}
          classNames={{ input: 'mono' }}
          maxLength={16}
          autoFocus={person.name !== ''}
          value={person.fiscalCode}
          error={wrong?.stops ? wrong.text : null}
          description={wrong !== null && !wrong.stops ? <span className="t-warn">{wrong.text}</span> : undefined}
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          onChange={(e) => {
            const fiscalCode = e.currentTarget.value.toUpperCase()
            const read = readFiscalCode(fiscalCode)
            const company = read.state !== 'wrong' && read.kind === 'G'
            onChange({ fiscalCode, ...(company && person.category === 'professionista' ? { category: 'stp' } : {}) })
          }}
        />
        {text('pec', FIELDS.pec, 'span-2', 254, emailError(person.pec))}
        {text('email', FIELDS.email, 'span-2', 254, emailError(person.email))}
        <div className="span-6 address-grid">
          {text('street', 'Via o piazza', '', 140)}
          {text('civicNumber', 'N.', '', 16)}
          {text('postalCode', 'CAP', '', 16)}
          {text('city', FIELDS.city, '', 60)}
          {text('province', 'Prov.', '', 2)}
        </div>
      </div>
      {known && (
        <p className="note note-info payer-known">
          Questo codice fiscale è già nel registro:{' '}
          <button type="button" className="link" onClick={() => onChoose(known.id)}>
            scegli {known.name}
          </button>
        </p>
      )}
    </>
  )
}
