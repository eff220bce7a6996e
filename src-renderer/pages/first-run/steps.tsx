import { Checkbox, NumberInput, TextInput } from '@mantine/core'
import { readIban } from '#domain/iban'
import type { Cents } from '#domain/money'
import { ENVIRONMENTS } from '#domain/vocabulary'
import {
  cbillError,
  emailError,
  ibanError,
  institutionCodeError,
  postalIbanError,
  segregationError,
} from '../../components/checks.ts'
import { AmountField } from '../../components/fields.tsx'
import { LogoField } from '../../components/LogoField.tsx'
import { type Answers, contactsOf } from './answers.ts'
import { NoticeHead } from './NoticeHead.tsx'

export const FIRST_RUN_STEPS = [
  {
    title: 'Il tuo ente',
    about: 'nome, codice fiscale, recapiti',
    lead: 'Compare su avvisi, reversali e quietanze. Si può correggere dopo.',
  },
  {
    title: 'Codici pagoPA',
    about: 'segregazione, CBILL, ambiente',
    lead: 'Li dà pagoPA con l’adesione. Per provare bastano quelli proposti.',
  },
  {
    title: 'Conti',
    about: 'IBAN bancario e postale',
    lead: 'Dove pagoPA accredita gli incassi. Il conto postale serve solo per il bollettino.',
  },
  {
    title: 'Esercizio e capitoli',
    about: 'con capitoli già proposti',
    lead: 'L’anno contabile in cui entrano le nuove quote.',
  },
  {
    title: 'Tipi di dovuto',
    about: 'quota, sanzione, diritti…',
    lead: 'Ciò che si chiede alle persone, ciascuno con il suo capitolo e il suo conto.',
  },
  {
    title: 'Come consegni',
    about: 'PEC, e-mail, cartelle',
    lead: 'Gli avvisi possono partire per posta o andare in una cartella.',
  },
] as const

/** Sentences of what is missing or wrong in a step; `strict` also counts the empty fields. */
export function stepErrors(step: number, a: Answers, strict: boolean): string[] {
  const out: (string | null)[] = []
  if (step === 0) {
    out.push(strict && a.name.trim() === '' ? 'Manca il nome.' : null)
    out.push(institutionCodeError(a.fiscalCode) ?? (strict && a.fiscalCode === '' ? 'Manca il codice fiscale.' : null))
    out.push(emailError(a.email), contactsError(a))
  }
  if (step === 1) out.push(segregationError(a.segregationCode), cbillError(a.cbill))
  if (step === 2) {
    out.push(ibanError(a.bankIban) ?? (strict && a.bankIban.trim() === '' ? 'Manca l’IBAN.' : null))
    out.push(postalIbanError(a.postalIban) ?? twinError(a))
  }
  return out.filter((e) => e !== null)
}

/** They are printed in one line of 100 characters. */
const MAX_CONTACTS = 100

function contactsError(a: Answers): string | null {
  const { length } = contactsOf(a)
  return length <= MAX_CONTACTS
    ? null
    : `Indirizzo, e-mail e telefono stanno in una riga di ${MAX_CONTACTS} caratteri: qui sono ${length}.`
}

function twinError(a: Answers): string | null {
  const same = a.bankIban.replace(/\s+/g, '').toUpperCase() === a.postalIban.replace(/\s+/g, '').toUpperCase()
  return same && a.postalIban.trim() !== '' ? 'È lo stesso del conto bancario: lascia vuoto uno dei due.' : null
}

/** The account of the bollettino, which a postal IBAN carries inside. */
function postalWords(text: string): string | null {
  const reading = readIban(text)
  return reading.state === 'ok' && reading.postalAccount !== null
    ? `conto corrente postale n. ${reading.postalAccount}, per il bollettino`
    : null
}

/** The fields of one step. */
export function StepBody({
  step,
  answers: a,
  logo,
  onLogo,
  set,
  complain,
}: {
  readonly step: number
  readonly answers: Answers
  readonly logo: string | null
  readonly onLogo: (file: File | null) => unknown
  readonly set: (patch: Partial<Answers>) => void
  readonly complain: boolean
}) {
  const text = (
    key: keyof Answers & string,
    label: string,
    span: string,
    more: { error?: string | null; hint?: string | null; mono?: boolean; max?: number } = {},
  ) => (
    <TextInput
      className={span}
      label={label}
      size="sm"
      value={String(a[key] ?? '')}
      error={more.error ?? null}
      inputWrapperOrder={['label', 'input', 'error', 'description']}
      description={more.hint ?? null}
      {...(more.max === undefined ? {} : { maxLength: more.max })}
      classNames={more.mono ? { input: 'mono' } : {}}
      onChange={(e) => set({ [key]: e.currentTarget.value })}
    />
  )
  const missing = (value: string, words: string) => (complain && value.trim() === '' ? words : null)
  if (step === 0) {
    return (
      <>
        <div className="form-grid">
          {text('name', 'Nome dell’ente', 'span-6', { error: missing(a.name, 'Manca il nome.'), max: 100 })}
          {text('fiscalCode', 'Codice fiscale dell’ente', 'span-3', {
            error: institutionCodeError(a.fiscalCode) ?? missing(a.fiscalCode, 'Manca il codice fiscale.'),
            max: 11,
          })}
          {text('office', 'Ufficio', 'span-3', { max: 50 })}
          {text('address', 'Indirizzo', 'span-6', { max: 60, error: contactsError(a) })}
          {text('email', 'E-mail per gli iscritti', 'span-3', { max: 60, error: emailError(a.email) })}
          {text('phone', 'Telefono', 'span-3', { max: 30 })}
          <LogoField url={logo} onFile={onLogo} onRemove={() => onLogo(null)} />
        </div>
        <p className="ink2 small first-so">Sull’avviso apparirà così</p>
        <NoticeHead answers={a} logo={logo} />
      </>
    )
  }
  if (step === 1) {
    return (
      <div className="form-grid">
        {text('segregationCode', 'Codice di segregazione', 'span-3', {
          error: segregationError(a.segregationCode),
          max: 2,
        })}
        {text('cbill', 'Codice CBILL (SIA), se c’è', 'span-3', { error: cbillError(a.cbill), max: 5 })}
        <p className="note note-info span-6">
          <span>
            Si comincia in <b>{ENVIRONMENTS.rehearsal.name}</b>: il nodo pagoPA è su questo computer e niente è vero.
            Collaudo e Produzione si scelgono dopo, in Impostazioni, Nodo pagoPA.
          </span>
        </p>
      </div>
    )
  }
  if (step === 2) {
    return (
      <div className="form-grid">
        {text('bankName', 'Nome del conto bancario', 'span-3', { max: 80 })}
        <div className="span-3">
          <AmountField
            label="Saldo al 1° gennaio, euro"
            cents={a.openingCents as Cents | null}
            onChange={(openingCents) => set({ openingCents })}
          />
        </div>
        {text('bankIban', 'IBAN bancario', 'span-6', {
          error: ibanError(a.bankIban) ?? missing(a.bankIban, 'Manca l’IBAN.'),
          mono: true,
        })}
        {text('postalIban', 'IBAN postale, se c’è', 'span-6', {
          error: postalIbanError(a.postalIban) ?? twinError(a),
          hint: postalWords(a.postalIban),
          mono: true,
        })}
      </div>
    )
  }
  if (step === 3) {
    return (
      <div className="form-grid">
        <NumberInput
          className="span-2"
          label="Esercizio"
          thousandSeparator=""
          min={2000}
          max={2100}
          value={a.exercise}
          onChange={(v) => typeof v === 'number' && set({ exercise: v })}
        />
        <Checkbox
          className="span-6"
          label="Proponi i capitoli di un Ordine professionale"
          description="quote, società, diritti di segreteria, anni precedenti, partite di giro: si cambiano in Impostazioni"
          checked={a.standardChart}
          onChange={(e) => set({ standardChart: e.currentTarget.checked })}
        />
      </div>
    )
  }
  if (step === 4) {
    return (
      <p className="ink2">
        {a.standardChart
          ? 'Con i capitoli nascono anche i tipi: quota annuale, quota delle società, mora, prima iscrizione, diritti di segreteria, corso. Ciascuno ha già tassonomia, capitolo e conto; li vedi e li cambi in Impostazioni, Tipi di dovuto.'
          : 'Hai scelto di non proporre i capitoli: dopo il primo avvio crea in Impostazioni prima i capitoli, poi i tipi di dovuto.'}
      </p>
    )
  }
  return (
    <Checkbox
      label="Dopo portami a Posta e consegna"
      description="per indicare il server della posta o della PEC e provarlo. La cartella si sceglie al momento della consegna."
      checked={a.thenMail}
      onChange={(e) => set({ thenMail: e.currentTarget.checked })}
    />
  )
}
