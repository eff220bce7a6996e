import { type Cents, cents } from './money.ts'
import { ORDER_TAXONOMY } from './taxonomy.ts'

export interface StandardCapitolo {
  readonly code: string
  readonly name: string
  readonly kind: 'entrata' | 'partitaDiGiro'
}

export interface StandardServiceType {
  readonly name: string
  readonly capitolo: string
  readonly taxonomyCode: string
  readonly defaultCausale: string
  readonly defaultCents: Cents | null
}

/** Capitoli of income that most orders keep; the codes are a proposal to be edited before first use. */
export const STANDARD_CAPITOLI: readonly StandardCapitolo[] = [
  { code: '10.1', name: 'Quote iscritti', kind: 'entrata' },
  { code: '10.2', name: 'Quote società tra professionisti', kind: 'entrata' },
  { code: '10.3', name: 'Prime iscrizioni', kind: 'entrata' },
  { code: '10.4', name: 'Diritti di segreteria', kind: 'entrata' },
  { code: '10.5', name: 'Sanzioni per ritardato pagamento', kind: 'entrata' },
  { code: '10.6', name: 'Corsi e formazione', kind: 'entrata' },
  { code: '90.1', name: 'Somme da restituire', kind: 'partitaDiGiro' },
]

/** Whether a partita di giro is, by its name, that of what is given back. */
export function namesGivingBack(name: string): boolean {
  return /restitu|rimbors/i.test(name)
}

/** Tipi di dovuto of an order, each with its taxonomy code and capitolo. `{anno}` becomes the year of competence. */
export const STANDARD_SERVICE_TYPES: readonly StandardServiceType[] = [
  {
    name: 'Quota annuale',
    capitolo: '10.1',
    taxonomyCode: ORDER_TAXONOMY.quotaAlbo,
    defaultCausale: 'Quota di iscrizione {anno}',
    defaultCents: cents(21_500),
  },
  {
    name: 'Quota STP',
    capitolo: '10.2',
    taxonomyCode: ORDER_TAXONOMY.quotaAlbo,
    defaultCausale: 'Quota società {anno}',
    defaultCents: cents(35_000),
  },
  {
    name: 'Prima iscrizione',
    capitolo: '10.3',
    taxonomyCode: ORDER_TAXONOMY.primaIscrizione,
    defaultCausale: 'Prima iscrizione all’albo',
    defaultCents: null,
  },
  {
    name: 'Diritti di segreteria',
    capitolo: '10.4',
    taxonomyCode: ORDER_TAXONOMY.dirittiSegreteria,
    defaultCausale: 'Diritti di segreteria',
    defaultCents: cents(1_000),
  },
  {
    name: 'Mora',
    capitolo: '10.5',
    taxonomyCode: ORDER_TAXONOMY.mora,
    defaultCausale: 'Mora per ritardato pagamento {anno}',
    defaultCents: null,
  },
  {
    name: 'Corso',
    capitolo: '10.6',
    taxonomyCode: ORDER_TAXONOMY.iscrizioneCorsi,
    defaultCausale: 'Iscrizione al corso',
    defaultCents: null,
  },
]
