import type { NodeFault, NodeService } from '#domain/node-ports'
import { faultWords, isObject, parsedObject, saidOnOneLine } from './https-call.ts'
import type { NodeReply, NodeRequest } from './node-request.ts'

/** «di …»: whose server, whose key. */
const NAMES: Readonly<Record<NodeService, string>> = {
  gpd: 'delle posizioni debitorie (GPD)',
  massive: 'del caricamento massivo (GPD)',
  receipts: 'delle ricevute (GPD)',
  fdr: 'dei flussi di rendicontazione (FdR)',
  checkout: 'di Checkout',
  backoffice: 'del Back office',
}
const SETTINGS = 'Impostazioni › Nodo pagoPA'
const UNKNOWN = 'Non si sa se è stato fatto: prima di riprovare il programma lo chiede al nodo.'

/** Status, then what a ProblemJson, an error of FdR or a gateway says; pages of HTML of a proxy tell nobody anything. */
export function replyWords(status: number, text: string, hidden: readonly string[]): string {
  const json = parsedObject(text)
  const words = [json?.title, json?.detail, json?.httpStatusDescription, json?.appErrorCode, json?.message]
  const errors = Array.isArray(json?.errors) ? json.errors : []
  for (const error of errors.slice(0, 5)) if (isObject(error)) words.push(error.path, error.message)
  const said = words.filter((word) => typeof word === 'string' && word.trim() !== '').join(': ')
  const shown = saidOnOneLine(said.replace(PERSON, '…'), hidden)
  return shown === '' ? String(status) : `${status} ${shown}`
}

/** Fiscal codes of people; those of institutions are public. */
const PERSON = /\b[A-Z]{6}[0-9LMNP-V]{2}[A-EHLMPR-T][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]\b/gi

/** Nothing was sent, since it could never work. */
export function unusableFault(what: 'origin' | 'noKey' | 'badKey', request: NodeRequest): NodeFault {
  const name = NAMES[request.service]
  const reason = {
    origin: `L’indirizzo del nodo non è di pagoPA né di questo computer: controlla l’ambiente in ${SETTINGS}.`,
    noKey: `Manca la chiave ${name}: scrivila in ${SETTINGS}.`,
    badKey: `La chiave ${name} contiene segni che non può avere: scrivila di nuovo in ${SETTINGS}.`,
  }[what]
  return { kind: 'closed', status: null, reply: '', reason }
}

export function lostFault(
  lost: { readonly kind: 'notSent' | 'lost'; readonly code: string },
  request: NodeRequest,
): NodeFault {
  const reason = faultWords(lost.code, 'di pagoPA')
  if (lost.kind === 'notSent' || !request.acts) return { kind: 'temporary', status: null, reply: '', reason }
  return { kind: 'unknown', status: null, reply: '', reason: `${reason} ${UNKNOWN}` }
}

/** It says that all went well, in words that cannot be read. */
export function unreadableFault(reply: NodeReply, request: NodeRequest, words: string): NodeFault {
  const how = {
    whole: 'non si legge',
    cut: 'si è interrotta',
    tooLong: 'è più lunga di quanto può essere',
  }[reply.end]
  const reason = `La risposta ${NAMES[request.service]} ${how}.`
  const kind = request.acts ? 'unknown' : 'temporary'
  return { kind, status: reply.status, reply: words, reason: request.acts ? `${reason} ${UNKNOWN}` : reason }
}

/** What a status other than the hoped-for one means (pagopa.md §7). */
export function refusalOf(
  status: number,
  text: string,
  reply: string,
  request: Pick<NodeRequest, 'service' | 'acts'>,
): NodeFault {
  const name = NAMES[request.service]
  const fault = (kind: NodeFault['kind'], reason: string): NodeFault => ({ kind, status, reply, reason })
  if (status === 401) return fault('closed', `La chiave ${name} non è riconosciuta: scrivila di nuovo in ${SETTINGS}.`)
  if (status === 403) return forbidden(text, name, fault)
  if (status === 429) return fault('temporary', 'pagoPA chiede di rallentare: si riprova più tardi.')
  if (status === 425) return fault('temporary', 'pagoPA ci sta ancora lavorando: si chiede di nuovo più tardi.')
  if (status === 503) return fault('temporary', `Il servizio ${name} per ora non funziona: si riprova più tardi.`)
  if (status >= 500 || status === 408) {
    const reason = `Il servizio ${name} ha avuto un guasto.`
    return request.acts
      ? fault('unknown', `${reason} ${UNKNOWN}`)
      : fault('temporary', `${reason} Si riprova più tardi.`)
  }
  if (status >= 300 && status < 400)
    return fault('closed', `Il servizio ${name} rimanda a un altro indirizzo: non si segue.`)
  if (status === 404) return missing(text, name, fault)
  if (status === 413) return fault('refused', 'pagoPA dice che i dati sono troppi in una volta sola.')
  if (status === 400 || status === 409 || status === 410 || status === 422)
    return fault('refused', refusal(status, text))
  return fault('refused', `Il servizio ${name} ha dato una risposta che non si capisce (${status}).`)
}

/** One row of the report of a massive load, judged as if it had been sent alone. */
export function reportedFault(status: number, message: string): NodeFault {
  const text = JSON.stringify({ title: message })
  return refusalOf(status, text, replyWords(status, text, []), { service: 'gpd', acts: true })
}

type Make = (kind: NodeFault['kind'], reason: string) => NodeFault

/** A position whose codes are of another station is refused alone; else the key is not for this institution. */
function forbidden(text: string, name: string, fault: Make): NodeFault {
  if (/\b(IUVs?|NAVs?)\b/.test(text)) {
    const reason =
      'La chiave non può toccare questi codici avviso: il loro codice di segregazione è di un’altra stazione. Controllalo in Impostazioni › Ente.'
    return fault('refused', reason)
  }
  const reason = `La chiave ${name} non vale per questo ente o per il suo intermediario: controlla chiave, codice fiscale e codici di segregazione in ${SETTINGS}.`
  return fault('closed', reason)
}

/** Of the thing that was asked, or of the address: a gateway answers for paths that it does not have in its own words. */
function missing(text: string, name: string, fault: Make): NodeFault {
  const json = parsedObject(text)
  if (json === null || (json.title === undefined && json.appErrorCode === undefined)) {
    return fault('closed', `Il servizio ${name} non c’è a questo indirizzo, oppure l’ente non vi è attivo.`)
  }
  if (/organi[sz]ation for|Not found the organization/i.test(text) && !/IUPD/.test(text)) {
    return fault(
      'closed',
      `pagoPA non conosce questo ente: controlla il codice fiscale e l’attivazione del servizio ${name}.`,
    )
  }
  if (/updatable state/i.test(text)) {
    return fault('refused', 'Il nodo non ha questa posizione in uno stato che si può cambiare.')
  }
  return fault('refused', 'Il nodo non ha quello che è stato chiesto.')
}

/** Words of the refusals of GPD → what to do. The first that fits. */
const REFUSALS: readonly (readonly [RegExp, string])[] = [
  [/PAGAMENTO_DUPLICATO|already paid/i, 'Risulta già pagato.'],
  [/PAGAMENTO_IN_CORSO/i, 'Qualcuno lo sta pagando adesso: si riprova fra qualche minuto.'],
  [/PAGAMENTO_SCADUTO/i, 'È scaduto: dai una nuova scadenza alla posizione.'],
  [/PAGAMENTO_ANNULLATO/i, 'È annullato: con questo codice non si paga più.'],
  [/PAGAMENTO_SCONOSCIUTO/i, 'Il nodo non conosce questo codice avviso: pubblica prima la posizione.'],
  [/MULTI_INSTALLMENT_NOT_SUPPORTED/i, 'È un piano di rate: si legge con la versione 3.'],
  [/paymentPlanId|payment plan/i, 'Il nodo non accetta il piano di rate in questa forma.'],
  [
    /\bnot unique|uniqueness|already exists/i,
    'Il nodo ha già una posizione con questo identificativo o con uno di questi codici avviso.',
  ],
  [/not in publishable state/i, 'La posizione non è in uno stato che si può pubblicare, o è già stata pagata.'],
  [/after the validity date/i, 'La data da cui vale è già passata: va pubblicata di nuovo senza quella data.'],
  [/due date of a payment options? has expired/i, 'La scadenza è passata: dai una nuova scadenza alla posizione.'],
  [/not in invalidable state/i, 'La posizione non è in uno stato che si può annullare, o è già stata pagata.'],
  [/not in updatable state/i, 'La posizione non è in uno stato che si può cambiare, o è già stata pagata.'],
  [
    /payment transaction has already|Existing related payment/i,
    'Sul nodo c’è già un pagamento: aggiorna lo stato della posizione.',
  ],
  [/not in payable state/i, 'Sul nodo l’avviso non è pagabile: è scaduto, annullato o già pagato.'],
  [/reserved metadata/i, 'La posizione contiene dati riservati a pagoPA.'],
  [/stamp|marca da bollo/i, 'La marca da bollo non è accettata: controlla documento e provincia.'],
  [
    /iban/i,
    'L’IBAN non è tra quelli registrati per l’ente: attivalo nel Back office di pagoPA o cambia conto al tipo di dovuto.',
  ],
  [/taxonomy|category|tassonomia/i, 'Il codice tassonomico non è accettato: controllalo nel tipo di dovuto.'],
  [
    /cannot be recovered|interval|days_between|number of days/i,
    'Il periodo chiesto è più lungo di quanto il nodo permette.',
  ],
  [/due_?date|retention_?date|validity_?date/i, 'Una data non è accettata: scadenza, validità o ultimo giorno utile.'],
  [/amount|total/i, 'Gli importi non tornano: il totale non è la somma delle sue parti.'],
  [/fiscal_?code|tax code/i, 'Un codice fiscale non è accettato: controlla debitore ed ente.'],
  [/size|exceed|max/i, 'I dati sono più di quanti il nodo ne prende in una volta.'],
]

function refusal(status: number, text: string): string {
  const json = parsedObject(text)
  const said = [json?.title, json?.detail].filter((word) => typeof word === 'string').join(' ')
  const known = REFUSALS.find(([words]) => words.test(said))?.[1]
  if (known !== undefined) return known
  if (status === 409)
    return 'Il nodo dice che contrasta con quello che ha già: aggiorna lo stato e controlla le differenze.'
  if (status === 410) return 'Il nodo non ha più quello che è stato chiesto.'
  return 'Il nodo non accetta i dati così come sono.'
}
