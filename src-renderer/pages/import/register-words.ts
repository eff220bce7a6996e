/** Names of the layouts of a register, for people. One that is not here is shown by its own name. */
const PROFILES: Readonly<Record<string, string>> = { 'tracciato-quote': 'Quietanza standard' }

export function profileName(profile: string): string {
  return PROFILES[profile] ?? profile
}

interface RegisterField {
  readonly name: string
  /** Width of its column in the preview, in pixels. */
  readonly width: number
  readonly right?: boolean
  readonly mono?: boolean
}

/** What a column of the file fills, in words. */
export const REGISTER_FIELDS: Readonly<Record<string, RegisterField>> = {
  fiscalCode: { name: 'Codice fiscale', width: 146, mono: true },
  vatNumber: { name: 'Partita IVA', width: 104, mono: true },
  name: { name: 'Cognome e nome o denominazione', width: 160 },
  category: { name: 'Categoria', width: 110 },
  alboNumber: { name: 'Numero d’albo', width: 92 },
  street: { name: 'Indirizzo', width: 150 },
  civicNumber: { name: 'Civico', width: 68 },
  postalCode: { name: 'CAP', width: 62 },
  city: { name: 'Comune', width: 110 },
  province: { name: 'Provincia', width: 82 },
  country: { name: 'Stato', width: 62 },
  email: { name: 'E-mail', width: 170, mono: true },
  pec: { name: 'PEC', width: 170, mono: true },
  service: { name: 'Tipo di dovuto', width: 130 },
  competenceYear: { name: 'Anno di competenza', width: 82 },
  causale: { name: 'Causale', width: 170 },
  amount: { name: 'Importo', width: 90, right: true },
  dueDate: { name: 'Scadenza', width: 98 },
  capitolo: { name: 'Capitolo', width: 84 },
  externalReference: { name: 'Riferimento esterno', width: 130 },
}
