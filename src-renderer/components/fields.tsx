import { Textarea, TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import { formatDate, type IsoDate, parseItalianDate } from '#domain/date'
import { type Cents, formatCents, parseAmount } from '#domain/money'

interface FieldProps {
  readonly label: string
  readonly description?: string
  readonly required?: boolean
  readonly disabled?: boolean
  readonly placeholder?: string
  /** Where the hand is when the dialog opens. */
  readonly focus?: boolean
}

/** A day typed as `gg/mm/aaaa`; checked on leaving the field, then live. An empty text is null. */
export function DateField({
  value,
  onChange,
  ...props
}: FieldProps & { readonly value: IsoDate | null; readonly onChange: (value: IsoDate | null) => void }) {
  return (
    <ReadField
      {...props}
      placeholder={props.placeholder ?? 'gg/mm/aaaa'}
      shown={value === null ? '' : formatDate(value)}
      read={(text) => {
        const date = parseItalianDate(text)
        return date === null ? { error: 'Scrivi la data come 31/03/2026.' } : { value: date }
      }}
      onChange={onChange}
    />
  )
}

/** An amount typed as `1.234,56`, read strictly by the domain. An empty text is null. */
export function AmountField({
  cents,
  onChange,
  ...props
}: FieldProps & { readonly cents: Cents | null; readonly onChange: (value: Cents | null) => void }) {
  return (
    <ReadField
      {...props}
      placeholder={props.placeholder ?? '0,00'}
      shown={cents === null ? '' : formatCents(cents)}
      read={(text) => {
        const amount = parseAmount(text)
        return amount.ok ? { value: amount.value } : { error: 'Scrivi l’importo come 1.234,56.' }
      }}
      onChange={onChange}
    />
  )
}

/** Why something is done: it stays in the books. */
export function ReasonField({
  value,
  onChange,
  mt,
}: {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly mt?: number
}) {
  return (
    <Textarea
      {...(mt === undefined ? {} : { mt })}
      label="Motivo"
      autosize
      minRows={2}
      maxLength={500}
      value={value}
      onChange={(e) => onChange(e.currentTarget.value)}
    />
  )
}

function ReadField<T>({
  shown,
  read,
  onChange,
  required,
  focus,
  ...props
}: FieldProps & {
  readonly shown: string
  readonly read: (text: string) => { readonly value: T } | { readonly error: string }
  readonly onChange: (value: T | null) => void
}) {
  const [text, setText] = useState(shown)
  const [editing, setEditing] = useState(false)
  const [error, setError] = useState<string | null>(null)
  useEffect(() => {
    if (!editing) setText(shown)
  }, [shown, editing])
  const take = (next: string, complain: boolean) => {
    if (next.trim() === '') {
      setError(required && complain ? 'Manca.' : null)
      onChange(null)
      return
    }
    const reading = read(next)
    if ('value' in reading) {
      setError(null)
      onChange(reading.value)
    } else if (complain) setError(reading.error)
  }
  return (
    <TextInput
      {...props}
      {...(focus ? { 'data-autofocus': true } : {})}
      withAsterisk={false}
      value={text}
      error={error}
      onFocus={() => setEditing(true)}
      onChange={(event) => {
        setText(event.currentTarget.value)
        take(event.currentTarget.value, error !== null)
      }}
      onBlur={() => {
        setEditing(false)
        take(text, true)
      }}
    />
  )
}
