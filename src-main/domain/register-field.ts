/** Where a field belongs on screen. */
export type RegisterGroup = 'person' | 'contacts' | 'albo' | 'due'

export interface RegisterFieldFacts {
  /** Heading in the tracciato, and the name of the field on screen. */
  readonly label: string
  /** The field in a sentence, after «Manca». */
  readonly noun: string
  readonly group: RegisterGroup
  readonly kind: 'text' | 'date' | 'money' | 'integer'
  /** `always`: every file must give it; `dues`: unless the file holds people only. The name may come as surname and first name. */
  readonly required: 'always' | 'dues' | 'no'
  readonly help: string
  /** Name in a computed causale, `{anno}`; null where it makes no sense there. */
  readonly templateName: string | null
}

type Rest = Pick<RegisterFieldFacts, 'group' | 'kind' | 'required' | 'templateName'>

function of(
  group: RegisterGroup,
  templateName: string | null = null,
  required: Rest['required'] = 'no',
  kind: Rest['kind'] = 'text',
): Rest {
  return { group, kind, required, templateName }
}

/** What a register can say of a person and of what they owe: the tracciato, the mapping and the manual read this table. */
export const REGISTER_FIELDS = {
  fiscalCode: {
    label: 'Codice fiscale',
    noun: 'il codice fiscale',
    ...of('person', 'codiceFiscale', 'always'),
    help: '16 caratteri per una persona, 11 cifre per una società o un ente.',
  },
  vatNumber: {
    label: 'Partita IVA',
    noun: 'la partita IVA',
    ...of('person'),
    help: '11 cifre, senza «IT».',
  },
  name: {
    label: 'Cognome e nome o denominazione',
    noun: 'il nome',
    ...of('person', 'nome', 'always'),
    help: 'Come deve comparire sull’avviso, al massimo 70 caratteri.',
  },
  surname: {
    label: 'Cognome',
    noun: 'il cognome',
    ...of('person'),
    help: 'Se nel file sta da solo: si unisce al nome.',
  },
  firstName: {
    label: 'Nome',
    noun: 'il nome',
    ...of('person'),
    help: 'Se nel file sta da solo: si unisce al cognome.',
  },
  category: {
    label: 'Categoria',
    noun: 'la categoria',
    ...of('person', 'categoria', 'always'),
    help: 'professionista, società tra professionisti, praticante oppure altro.',
  },
  alboNumber: {
    label: 'Numero albo',
    noun: 'il numero di albo',
    ...of('albo', 'numeroAlbo'),
    help: 'Il numero di iscrizione all’albo.',
  },
  street: {
    label: 'Indirizzo',
    noun: 'la via',
    ...of('contacts'),
    help: 'Via o piazza. Indirizzo, CAP, comune e provincia si scrivono tutti o nessuno.',
  },
  civicNumber: {
    label: 'Civico',
    noun: 'il numero civico',
    ...of('contacts'),
    help: 'Il numero civico.',
  },
  postalCode: {
    label: 'CAP',
    noun: 'il CAP',
    ...of('contacts'),
    help: '5 cifre, in una cella di formato «Testo» perché non perda gli zeri.',
  },
  city: {
    label: 'Comune',
    noun: 'il comune',
    ...of('contacts'),
    help: 'Il comune, al massimo 35 caratteri.',
  },
  province: {
    label: 'Provincia',
    noun: 'la provincia',
    ...of('contacts'),
    help: 'La sigla di due lettere.',
  },
  country: {
    label: 'Stato',
    noun: 'lo Stato',
    ...of('contacts'),
    help: 'La sigla di due lettere; vuoto vuol dire Italia.',
  },
  email: {
    label: 'E-mail',
    noun: 'l’indirizzo e-mail',
    ...of('contacts'),
    help: 'Un solo indirizzo.',
  },
  pec: {
    label: 'PEC',
    noun: 'l’indirizzo PEC',
    ...of('contacts'),
    help: 'Un solo indirizzo.',
  },
  service: {
    label: 'Servizio',
    noun: 'il servizio',
    ...of('due', 'servizio', 'dues'),
    help: 'Il codice o il nome di un tipo di dovuto della pagina Ente.',
  },
  competenceYear: {
    label: 'Anno di competenza',
    noun: 'l’anno di competenza',
    ...of('due', 'anno', 'dues', 'integer'),
    help: 'Quattro cifre.',
  },
  causale: {
    label: 'Causale',
    noun: 'la causale',
    ...of('due', null, 'dues'),
    help: 'L’oggetto del pagamento che il debitore legge, al massimo 140 caratteri.',
  },
  amount: {
    label: 'Importo',
    noun: 'l’importo',
    ...of('due', 'importo', 'dues', 'money'),
    help: 'In euro, maggiore di zero, con due decimali: 1.234,56.',
  },
  dueDate: {
    label: 'Scadenza',
    noun: 'la scadenza',
    ...of('due', 'scadenza', 'no', 'date'),
    help: 'Una data come 31/03/2026; vuota vuol dire quella scelta generando le posizioni.',
  },
  capitolo: {
    label: 'Capitolo',
    noun: 'il capitolo',
    ...of('due'),
    help: 'Il codice di un capitolo di entrata; vuoto vuol dire quello del servizio.',
  },
  externalReference: {
    label: 'Riferimento esterno',
    noun: 'il riferimento esterno',
    ...of('due', 'riferimento'),
    help: 'Il codice della quota nel gestionale dell’albo: rende riconoscibile la riga se la importi di nuovo.',
  },
  phone: {
    label: 'Telefono',
    noun: 'il telefono',
    ...of('contacts'),
    help: 'Un solo numero, fisso o cellulare.',
  },
  albo: {
    label: 'Nome dell’albo',
    noun: 'il nome dell’albo',
    ...of('albo', 'albo'),
    help: 'L’albo, l’elenco o il registro in cui la persona è iscritta; vuoto vuol dire quello della categoria.',
  },
  section: {
    label: 'Sezione',
    noun: 'la sezione',
    ...of('albo', 'sezione'),
    help: 'La sezione dell’albo, per esempio A o B.',
  },
  enrolmentDate: {
    label: 'Data di iscrizione',
    noun: 'la data di iscrizione',
    ...of('albo', null, 'no', 'date'),
    help: 'Il giorno di iscrizione all’albo, come 31/03/2026.',
  },
  iban: {
    label: 'IBAN',
    noun: 'l’IBAN',
    ...of('person'),
    help: 'Il conto della persona, per i rimborsi.',
  },
} as const satisfies Readonly<Record<string, RegisterFieldFacts>>

export type RegisterField = keyof typeof REGISTER_FIELDS

export const REGISTER_FIELD_NAMES = Object.keys(REGISTER_FIELDS) as [RegisterField, ...RegisterField[]]
