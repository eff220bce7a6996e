import type { z } from 'zod'
import type { contract } from '#contract/contract'
import { instantOf } from '#domain/date'
import type { NodeStep } from '#domain/node-step'
import type { RefusedRow } from '#ledger/node-position-list'

export type Fault = z.output<
  NonNullable<(typeof contract)['nodePosition']['faults']['~orpc']['outputSchema']>
>['rows'][number]

type Place = Fault['place']

/** Where what the node refuses is mended; the first that fits what is wrong. */
const PLACES: readonly (readonly [RegExp, Place, string])[] = [
  [/IBAN/, 'account', 'Controlla il conto del tipo di dovuto e il suo stato nel Back office, poi «Riprova».'],
  [/tassonomic/i, 'serviceType', 'Correggi il codice nel tipo di dovuto, riemetti la posizione, poi «Riprova».'],
  [/debitore|codice fiscale/i, 'person', 'Correggi l’anagrafica, poi «Riprova».'],
  [/segregazione|nome dell’ente/i, 'institution', 'Correggi i dati dell’ente, poi «Riprova».'],
  [/scadenza|validità|data|pagare/i, 'position', 'Dai nuove date alla posizione: partirà da sola.'],
  [/codici avviso|identificativo/i, 'position', 'Riemettila: avrà numeri nuovi.'],
  [/causale|descrizione|importo|importi|rate|versament/i, 'position', 'Cambia la posizione: partirà da sola.'],
]

/** A refused row in words, with where it is mended. */
export function faultOf(row: RefusedRow): Fault {
  const reason = row.faultReason ?? ''
  const [, place, remedy] = PLACES.find(([words]) => words.test(reason)) ?? [
    null,
    null,
    'Mettila a posto, poi «Riprova».',
  ]
  const isNew = row.faultStep === 'create'
  return {
    ...{ iupd: row.iupd, debtPositionId: row.debtPositionId, personName: row.personName },
    ...{ noticeNumber: row.noticeNumber, cents: row.cents, step: (row.faultStep ?? 'ask') as NodeStep },
    at: row.faultAt ?? instantOf(0),
    ...{ status: row.faultStatus, reply: row.faultReply ?? '', reason, remedy, place },
    placeId: place === 'person' ? row.personId : null,
    acts: isNew || row.faultStep === 'update' ? ['retry', 'reissue'] : ['retry'],
  }
}
