import { formatDate } from '#domain/date'
import { type Cents, formatCents } from '#domain/money'
import type { Badges } from '#ledger/badges'
import type { RoadNumbers } from '#ledger/dashboard-numbers'
import type { ToDecide } from '#ledger/to-decide'
import type { FromNode } from './node-inbox-todo.ts'

type Tone = 'ok' | 'info' | 'warn' | 'bad' | 'unc' | 'neu'

export interface Todo {
  readonly kind: string
  readonly title: string
  readonly text: string
  readonly cents: Cents | null
  readonly button: string
  readonly route: string
  readonly tone: Tone
}

const MAX_TODO = 5

function many(n: number, one: string, more: string): string {
  return `${n.toLocaleString('it-IT')} ${n === 1 ? one : more}`
}

/** What came in and waits: rows that may be known already, folders whose last look has something to tell. */
export interface Arrivals {
  readonly similar: { readonly count: number; readonly cents: Cents }
  readonly folders: readonly { readonly name: string; readonly note: string }[]
}

export interface Waiting {
  readonly alarms: { readonly count: number; readonly cents: Cents }
  readonly arrivals: Arrivals
  readonly toDecide: ToDecide
  /** Codes in use that are not in force, and the open positions that have them. */
  readonly taxonomy: { readonly codes: number; readonly positions: number }
  /** Lists for the Albo that gave up, quotas that it refused. */
  readonly albo: { readonly failed: number; readonly refused: number }
  readonly node: OnNode
  /** Of the technological partner's positions. */
  readonly partner: { readonly toTell: number; readonly refused: number }
  readonly fromNode: FromNode
}

/** What waits between here and the node. `toPublish` is told where the node is in use. */
export interface OnNode {
  readonly refused: number
  readonly diverged: number
  readonly toPublish: { readonly count: number; readonly cents: Cents }
}

/** What waits for a person, most urgent first, at most five. */
export function todoOf(
  road: RoadNumbers,
  badges: Badges,
  { alarms, arrivals, toDecide, albo, taxonomy, node, partner, fromNode }: Waiting,
): Todo[] {
  const all: (Todo & { readonly when: boolean })[] = [
    {
      when: alarms.count > 0,
      kind: 'alarm',
      title: many(alarms.count, 'reversale non più sostenuta', 'reversali non più sostenute'),
      text: 'Un flusso o un accredito è cambiato dopo l’emissione.',
      cents: alarms.cents,
      button: 'Vedi',
      route: '/reversali',
      tone: 'bad',
    },
    {
      when: badges.toDecide > 0,
      kind: 'toDecide',
      title: many(badges.toDecide, 'riga da decidere', 'righe da decidere'),
      text: `In riconciliazione: ${toDecideInWords(toDecide)}.`,
      cents: null,
      button: 'Decidi',
      route: '/riconciliazione',
      tone: 'unc',
    },
    {
      when: arrivals.similar.count > 0,
      kind: 'similar',
      title: many(arrivals.similar.count, 'movimento forse già presente', 'movimenti forse già presenti'),
      text: 'Stesso giorno e stesso importo di un altro, con altre parole: di’ tu se è lo stesso.',
      cents: arrivals.similar.cents,
      button: 'Decidi',
      route: '/estratti-conto?elenco=da-decidere',
      tone: 'unc',
    },
    {
      when: arrivals.folders.length > 0,
      kind: 'folders',
      title: many(arrivals.folders.length, 'cartella con file da vedere', 'cartelle con file da vedere'),
      text: arrivals.folders.map((f) => `${f.name}: ${f.note}`).join(' '),
      cents: null,
      button: 'Vedi',
      route: '/impostazioni/arrivi',
      tone: 'warn',
    },
    {
      when: albo.failed > 0,
      kind: 'albo',
      title: many(albo.failed, 'lista per l’Albo non partita', 'liste per l’Albo non partite'),
      text: 'Chi ha pagato non è ancora arrivato a chi tiene l’Albo: guarda il motivo e rimanda.',
      cents: null,
      button: 'Vedi',
      route: '/registri?registro=albo&liste=mandate&stato=failed',
      tone: 'bad',
    },
    {
      when: albo.refused > 0,
      kind: 'alboRefused',
      title: many(albo.refused, 'quota rifiutata dall’Albo', 'quote rifiutate dall’Albo'),
      text: 'Guarda il motivo: ripartono con la prossima lista.',
      cents: null,
      button: 'Vedi',
      route: '/registri?registro=albo&liste=mandate&stato=partlyAccepted,refused',
      tone: 'warn',
    },
    {
      when: taxonomy.codes > 0,
      kind: 'taxonomy',
      title: many(taxonomy.codes, 'codice di tassonomia da cambiare', 'codici di tassonomia da cambiare'),
      text:
        taxonomy.positions === 0
          ? 'Non sono in vigore: il nodo può rifiutare le posizioni che li useranno.'
          : `Non sono in vigore, e ${many(taxonomy.positions, 'posizione aperta li usa', 'posizioni aperte li usano')}: il nodo può rifiutarle.`,
      cents: null,
      button: 'Vedi',
      route: '/impostazioni/tassonomia',
      tone: 'warn',
    },
    {
      when: node.refused > 0,
      kind: 'nodeRefused',
      title: many(node.refused, 'posizione rifiutata dal nodo', 'posizioni rifiutate dal nodo'),
      text: 'Nessuno le può pagare finché non correggi: guarda il motivo e rimettile in coda.',
      cents: null,
      button: 'Vedi',
      route: '/nodo?vista=rifiutate',
      tone: 'bad',
    },
    {
      when: node.diverged > 0,
      kind: 'nodeDiverged',
      title: many(node.diverged, 'differenza con il nodo', 'differenze con il nodo'),
      text: 'Il nodo dice altro da ciò che sta qui: scegli chi ha ragione.',
      cents: null,
      button: 'Guarda',
      route: '/nodo?vista=differenze',
      tone: 'unc',
    },
    {
      when: partner.refused > 0,
      kind: 'partnerRefused',
      title: many(partner.refused, 'posizione rifiutata dal partner', 'posizioni rifiutate dal partner'),
      text: 'Nessuno le può pagare finché non correggi: guarda il motivo e rimettile in un altro file.',
      cents: null,
      button: 'Vedi',
      route: '/nodo?vista=partner',
      tone: 'bad',
    },
    {
      when: partner.toTell > 0,
      kind: 'partnerToTell',
      title: many(partner.toTell, 'posizione da comunicare al partner', 'posizioni da comunicare al partner'),
      text: 'Sono cambiate o annullate qui, e il partner non lo sa: fai il file e mandaglielo.',
      cents: null,
      button: 'Vedi',
      route: '/nodo?vista=partner',
      tone: 'warn',
    },
    ...fromNode.warnings.map((warning) => ({
      when: true,
      kind: `nodeReading-${warning.kind}`,
      ...warningWords(warning),
      cents: null,
      button: 'Guarda',
      route: '/nodo',
      tone: warning.level === 'lost' ? ('bad' as const) : ('warn' as const),
    })),
    {
      when: fromNode.toAssign > 0,
      kind: 'spontaneousToAssign',
      title: many(fromNode.toAssign, 'pagamento senza posizione', 'pagamenti senza posizione'),
      text: 'Qualcuno ha pagato senza un avviso di qui: di’ tu che cosa ha pagato.',
      cents: null,
      button: 'Attribuisci',
      route: '/nodo?vista=spontanei&stato=toAssign',
      tone: 'unc',
    },
    {
      when: badges.reversaliReady > 0,
      kind: 'reversali',
      title: many(badges.reversaliReady, 'reversale pronta', 'reversali pronte'),
      text: 'Gli incassi sono abbinati al centesimo: manca solo l’emissione.',
      cents: null,
      button: 'Emetti',
      route: '/reversali',
      tone: 'info',
    },
    {
      when: badges.pendingImports > 0,
      kind: 'imports',
      title: many(badges.pendingImports, 'importazione da confermare', 'importazioni da confermare'),
      text: 'Il file è letto e controllato, niente è ancora nei libri.',
      cents: null,
      button: 'Controlla',
      route: '/importa',
      tone: 'warn',
    },
    {
      when: fromNode.toLook > 0,
      kind: 'spontaneousToLook',
      title: many(fromNode.toLook, 'pagamento spontaneo da guardare', 'pagamenti spontanei da guardare'),
      text: 'Persona e accertamento sono nati da sé: controlla che siano giusti.',
      cents: null,
      button: 'Guarda',
      route: '/nodo?vista=spontanei&stato=raised',
      tone: 'info',
    },
    {
      when: fromNode.unread > 0,
      kind: 'nodeUnread',
      title: many(fromNode.unread, 'arrivo dal nodo che non si legge', 'arrivi dal nodo che non si leggono'),
      text: 'Si richiedono a ogni lettura; se continua, importa il file scaricato dal Back office.',
      cents: null,
      button: 'Vedi',
      route: '/nodo',
      tone: 'warn',
    },
    {
      when: badges.deliveriesToReview > 0,
      kind: 'deliveries',
      title: many(badges.deliveriesToReview, 'consegna da rivedere', 'consegne da rivedere'),
      text: 'Non consegnate, o con esito incerto.',
      cents: null,
      button: 'Rivedi',
      route: '/consegne',
      tone: 'unc',
    },
    {
      when: node.toPublish.count > 0,
      kind: 'toPublish',
      title: many(node.toPublish.count, 'posizione da pubblicare', 'posizioni da pubblicare'),
      text: 'Il nodo non le conosce: nessuno le può ancora pagare.',
      cents: node.toPublish.cents,
      button: 'Pubblica',
      route: '/nodo',
      tone: 'info',
    },
    {
      when: road.notIssued.count > 0,
      kind: 'notIssued',
      title: many(road.notIssued.count, 'accertamento senza avviso', 'accertamenti senza avviso'),
      text: 'Da riscuotere, e nessuna posizione debitoria li chiede.',
      cents: road.notIssued.cents,
      button: 'Genera posizioni',
      route: '/posizioni/genera',
      tone: 'info',
    },
    {
      when: road.flowsWaiting.count > 0,
      kind: 'flows',
      title: many(road.flowsWaiting.count, 'flusso non ancora accreditato', 'flussi non ancora accreditati'),
      text: 'Carica l’estratto conto, o aspetta il bonifico del PSP.',
      cents: road.flowsWaiting.cents,
      button: 'Carica estratto',
      route: '/estratti-conto',
      tone: 'warn',
    },
  ]
  return all
    .filter((t) => t.when)
    .slice(0, MAX_TODO)
    .map(({ when: _, ...todo }) => todo)
}

function warningWords({ kind, level, days, from, until }: FromNode['warnings'][number]) {
  const what = kind === 'receipts' ? 'le ricevute' : 'i flussi'
  if (level === 'lost') {
    return {
      title: `Il nodo non dà più ${what} dal ${formatDate(from)} al ${formatDate(until)}`,
      text: 'Scarica quei giorni dal Back office pagoPA e importa i file.',
    }
  }
  const when = days === 0 ? 'oggi' : `fra ${many(days, 'giorno', 'giorni')}`
  return {
    title: `Il nodo non si legge dal ${formatDate(from)}`,
    text: `${when.charAt(0).toUpperCase()}${when.slice(1)} comincia a dimenticare ${what}: leggi adesso.`,
  }
}

function toDecideInWords({ credit, creditCents, debit, flowRow, flow, alarm }: ToDecide): string {
  return [
    credit > 0 ? `${many(credit, 'accredito', 'accrediti')} per ${formatCents(creditCents)}\u00a0€` : '',
    debit > 0 ? many(debit, 'addebito', 'addebiti') : '',
    flowRow > 0 ? many(flowRow, 'pagamento trattenuto', 'pagamenti trattenuti') : '',
    flow > 0 ? many(flow, 'flusso fermo', 'flussi fermi') : '',
    alarm > 0 ? many(alarm, 'reversale non più sostenuta', 'reversali non più sostenute') : '',
  ]
    .filter((part) => part !== '')
    .join(', ')
}

export interface NextStep {
  readonly title: string
  readonly text: string
  readonly button: string
  readonly route: string
}

/** The one thing to do now: the first step of the road that is not done, else the most urgent of the list. */
export function nextStepOf(road: RoadNumbers, todo: readonly Todo[], undelivered: number, open: boolean): NextStep {
  const pending = todo.find((t) => t.kind === 'imports')
  if (open && road.accertato.count === 0 && !pending) {
    return {
      title: 'Importa le quote dell’anno',
      text: 'Parti dal registro degli iscritti: il programma controlla ogni riga prima di scrivere nei libri.',
      button: 'Importa quote',
      route: '/importa',
    }
  }
  const first = todo[0]
  if (first && first.kind !== 'flows' && !(first.kind === 'notIssued' && undelivered > 0)) {
    const cents = first.cents === null ? '' : ` Sono ${formatCents(first.cents)}\u00a0€.`
    return { title: first.title, text: `${first.text}${cents}`, button: first.button, route: first.route }
  }
  if (undelivered > 0) {
    return {
      title: many(undelivered, 'avviso da consegnare', 'avvisi da consegnare'),
      text: 'Le posizioni ci sono: manca l’invio per e-mail o nella cartella.',
      button: 'Prepara consegna',
      route: '/consegne',
    }
  }
  if (first) return { title: first.title, text: first.text, button: first.button, route: first.route }
  return {
    title: 'Tutto in ordine',
    text: 'Niente aspetta te. Quando la banca pubblica l’estratto conto, caricalo qui.',
    button: 'Carica estratto conto',
    route: '/estratti-conto',
  }
}
