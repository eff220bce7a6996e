import {
  REGISTER_FIELD_NAMES,
  REGISTER_FIELDS,
  type RegisterField,
  type RegisterFieldFacts,
} from '#domain/register-field'
import { foldHeading } from '#domain/register-mapping'

export interface RegisterColumn extends Omit<RegisterFieldFacts, 'label' | 'required'> {
  readonly key: RegisterField
  readonly heading: string
  readonly aliases: readonly string[]
  /** In the tracciato, which is of quotas. */
  readonly required: boolean
  /** Longest text; 0 where a rule of its own decides. */
  readonly max: number
  readonly width: number
  readonly example: string
  /** Whether the template has it: it does not offer two ways to write a name. */
  readonly template: boolean
}

type Own = Pick<RegisterColumn, 'aliases' | 'max' | 'width' | 'example'> & { readonly template?: boolean }
const text = (max: number, width: number) => ({ max, width })

const OWN: Readonly<Record<RegisterField, Own>> = {
  fiscalCode: {
    ...text(0, 19),
    aliases: ['CF', 'C.F.', 'Cod. fiscale', 'Codice fiscale debitore', 'Codice fiscale pagatore'],
    example: 'RSSMRA85T10A562S',
  },
  vatNumber: { ...text(0, 13), aliases: ['P.IVA', 'PIVA', 'P. IVA', 'Part. IVA'], example: '' },
  name: {
    ...text(70, 32),
    aliases: ['Nominativo', 'Denominazione', 'Ragione sociale', 'Cognome e nome', 'Nome e cognome', 'Intestatario'],
    example: 'Rossi Mario',
  },
  surname: { ...text(70, 18), aliases: ['Cognome del debitore'], example: '', template: false },
  firstName: { ...text(70, 18), aliases: ['Nome del debitore'], example: '', template: false },
  category: { ...text(0, 24), aliases: ['Tipo iscritto', 'Tipologia'], example: 'professionista' },
  alboNumber: {
    ...text(20, 12),
    aliases: ['N. albo', 'Albo', 'Numero iscrizione', 'Numero di iscrizione', 'Matricola'],
    example: 'A1234',
  },
  street: { ...text(70, 28), aliases: ['Via', 'Indirizzo di residenza', 'Domicilio'], example: 'Via Roma' },
  civicNumber: { ...text(16, 8), aliases: ['N. civico', 'Numero civico'], example: '12/B' },
  postalCode: { ...text(16, 8), aliases: ['Codice postale', 'C.A.P.'], example: '09124' },
  city: { ...text(35, 20), aliases: ['Città', 'Località', 'Comune di residenza'], example: 'Cagliari' },
  province: { ...text(0, 10), aliases: ['Prov', 'Prov.', 'Sigla provincia', 'PR'], example: 'CA' },
  country: { ...text(0, 8), aliases: ['Nazione', 'Paese'], example: 'IT' },
  email: {
    ...text(256, 28),
    aliases: ['Email', 'Mail', 'Posta elettronica', 'Indirizzo e-mail'],
    example: 'mario.rossi@example.it',
  },
  pec: {
    ...text(256, 28),
    aliases: ['Posta certificata', 'Posta elettronica certificata', 'Indirizzo PEC'],
    example: 'mario.rossi@pec.example.it',
  },
  service: {
    ...text(100, 20),
    aliases: ['Tipo di dovuto', 'Tipo dovuto', 'Codice servizio'],
    example: 'Quota annuale',
  },
  competenceYear: {
    ...text(0, 12),
    aliases: ['Anno', 'Anno competenza', 'Competenza', 'Anno di riferimento'],
    example: '2026',
  },
  causale: {
    ...text(140, 32),
    aliases: ['Descrizione', 'Oggetto', 'Oggetto del pagamento', 'Causale versamento'],
    example: 'Quota di iscrizione 2026',
  },
  amount: {
    ...text(0, 12),
    aliases: ['Importo dovuto', 'Dovuto', 'Importo euro', 'Importo €', 'Quota'],
    example: '215,00',
  },
  dueDate: { ...text(0, 12), aliases: ['Data scadenza', 'Data di scadenza'], example: '31/03/2026' },
  capitolo: { ...text(30, 12), aliases: ['Codice capitolo', 'Capitolo di entrata'], example: '' },
  externalReference: { ...text(35, 20), aliases: ['Riferimento', 'Codice esterno', 'ID esterno'], example: '' },
  phone: {
    ...text(40, 16),
    aliases: ['Tel', 'Tel.', 'Numero di telefono', 'Recapito telefonico'],
    example: '070 123456',
  },
  albo: { ...text(60, 20), aliases: ['Albo di iscrizione', 'Elenco', 'Nome albo'], example: '' },
  section: { ...text(20, 10), aliases: ['Sez', 'Sez.', 'Sezione albo'], example: 'A' },
  enrolmentDate: {
    ...text(0, 14),
    aliases: ['Data iscrizione', 'Data iscrizione albo', 'Iscritto dal'],
    example: '15/01/2010',
  },
  iban: { ...text(0, 30), aliases: ['Codice IBAN', 'IBAN per rimborsi'], example: '' },
}

/** The tracciato, column by column: the reader, the template and the manual all read this table. */
export const REGISTER_COLUMNS: readonly RegisterColumn[] = REGISTER_FIELD_NAMES.map((key) => {
  const { label, required, ...facts } = REGISTER_FIELDS[key]
  return { key, heading: label, required: required !== 'no', template: true, ...facts, ...OWN[key] }
})

const BY_HEADING: ReadonlyMap<string, RegisterColumn> = new Map(
  REGISTER_COLUMNS.flatMap((column) =>
    [column.heading, `${column.heading} *`, ...column.aliases].map((name) => [foldHeading(name), column] as const),
  ),
)

export function columnOfHeading(heading: string): RegisterColumn | null {
  return BY_HEADING.get(foldHeading(heading)) ?? null
}
