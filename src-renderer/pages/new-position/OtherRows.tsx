import { ActionIcon, Button, TextInput } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { FIELDS } from '#domain/vocabulary'
import { ibanError, institutionCodeError } from '../../components/checks.ts'
import { AmountField } from '../../components/fields.tsx'
import { newOther, type OtherLine, taxonomyError } from './draft.ts'

/** Parts of the payment that go to other institutions, straight to their accounts. */
export function OtherRows({
  others,
  most,
  onChange,
}: {
  readonly others: readonly OtherLine[]
  /** How many the payment has room for, our own transfers counted. */
  readonly most: number
  readonly onChange: (others: readonly OtherLine[]) => void
}) {
  const write = (key: number, patch: Partial<OtherLine>) =>
    onChange(others.map((other) => (other.key === key ? { ...other, ...patch } : other)))
  return (
    <>
      {others.length > 0 && (
        <ul className="due-rows">
          {others.map((other, i) => {
            const of = ` del beneficiario ${i + 1}`
            return (
              <li key={other.key} className="other-row">
                <TextInput
                  label={`${FIELDS.fiscalCode} dell’ente`}
                  aria-label={`${FIELDS.fiscalCode}${of}`}
                  classNames={{ input: 'mono' }}
                  maxLength={11}
                  value={other.fiscalCode}
                  error={institutionCodeError(other.fiscalCode)}
                  onChange={(e) => write(other.key, { fiscalCode: e.currentTarget.value.trim() })}
                />
                <TextInput
                  label="IBAN"
                  aria-label={`IBAN${of}`}
                  classNames={{ input: 'mono' }}
                  value={other.iban}
                  error={ibanError(other.iban)}
                  onChange={(e) => write(other.key, { iban: e.currentTarget.value })}
                />
                <ActionIcon
                  variant="subtle"
                  className="due-remove"
                  aria-label={`Togli il beneficiario ${i + 1}`}
                  title={`Togli il beneficiario ${i + 1}`}
                  onClick={() => onChange(others.filter((o) => o.key !== other.key))}
                >
                  <IconX size={16} stroke={1.7} aria-hidden />
                </ActionIcon>
                <TextInput
                  label="Tassonomia"
                  aria-label={`Tassonomia${of}`}
                  classNames={{ input: 'mono' }}
                  placeholder="9/0401107TS/"
                  value={other.taxonomyCode}
                  error={other.taxonomyCode === '' ? null : taxonomyError(other.taxonomyCode)}
                  onChange={(e) => write(other.key, { taxonomyCode: e.currentTarget.value.trim() })}
                />
                <TextInput
                  label={FIELDS.causale}
                  aria-label={`${FIELDS.causale}${of}`}
                  maxLength={140}
                  value={other.causale}
                  onChange={(e) => write(other.key, { causale: e.currentTarget.value })}
                />
                <AmountField
                  label={`${FIELDS.amount} €`}
                  cents={other.cents}
                  onChange={(cents) => write(other.key, { cents })}
                />
              </li>
            )
          })}
        </ul>
      )}
      <Button
        variant="subtle"
        leftSection={<IconPlus size={16} stroke={1.7} aria-hidden />}
        disabled={others.length >= most}
        onClick={() => onChange([...others, newOther()])}
      >
        Aggiungi un altro ente
      </Button>
      {others.length >= most && <span className="muted small"> Un pagamento ha al massimo cinque versamenti.</span>}
    </>
  )
}
