import type { JsonValue } from './json.ts'
import { type Cents, formatCents, isCents } from './money.ts'
import { stateWord } from './vocabulary.ts'

/** What each command did, for people. A command that is not here is shown by its own name, never hidden. */
const WORDS: Readonly<Record<string, string>> = {
  'institution.save': 'Dati dell’ente modificati',
  'institution.setUp': 'Primo avvio concluso',
  'institution.setLogo': 'Logo cambiato',
  'institution.createRehearsal': 'Creato l’ordine di prova',
  'noticeStyle.save': 'Aspetto degli avvisi cambiato',
  'noticeStyle.saveWords': 'Parole della seconda lingua cambiate',
  'noticeStyle.addGraphics': 'Marchi degli avvisi caricati',
  'noticeStyle.removeGraphic': 'Marchio degli avvisi tolto',
  'account.save': 'Conto salvato',
  'account.close': 'Conto chiuso',
  'exercise.open': 'Esercizio aperto',
  'exercise.close': 'Esercizio chiuso',
  'exercise.reopen': 'Esercizio riaperto',
  'exercise.approve': 'Rendiconto approvato',
  'capitolo.save': 'Capitolo salvato',
  'serviceType.save': 'Tipo di dovuto salvato',
  'taxonomy.confirm': 'Tassonomia aggiornata',
  'tariff.save': 'Tariffa salvata',
  'quota.raise': 'Quote generate',
  'quota.undo': 'Generazione di quote disfatta',
  'lateFee.apply': 'Mora aggiunta',
  'lateFee.saveRates': 'Tassi degli interessi legali salvati',
  'registerImport.read': 'Registro letto',
  'registerImport.fixCell': 'Cella corretta prima di importare',
  'registerImport.tick': 'Righe già importate riprese',
  'registerImport.leaveOut': 'Righe lasciate fuori prima di importare',
  'registerImport.setDifferences': 'Scelto che cosa aggiornare in anagrafica',
  'registerImport.compare': 'Differenze di anagrafica aggiornate',
  'registerImport.confirm': 'Quote importate',
  'registerImport.discard': 'Importazione lasciata',
  'registerImport.undo': 'Importazione disfatta',
  'registerProfile.save': 'Profilo di importazione salvato',
  'registerProfile.rename': 'Profilo di importazione rinominato',
  'registerProfile.remove': 'Profilo di importazione eliminato',
  'registerProfile.import': 'Profilo di importazione preso da un file',
  'accertamento.cancel': 'Accertamenti annullati',
  'accertamento.writeOff': 'Residui eliminati',
  'debtPosition.generate': 'Posizioni debitorie generate',
  'debtPosition.cancel': 'Posizioni debitorie annullate',
  'positionAct.create': 'Posizione creata',
  'notice.print': 'Avvisi stampati',
  'notice.saveAll': 'Avvisi salvati in una cartella',
  'positionAct.change': 'Posizioni cambiate',
  'positionAct.reactivate': 'Posizioni riattivate',
  'positionAct.reissue': 'Posizioni riemesse',
  'partner.export': 'File per il partner tecnologico',
  'partner.outcome': 'Esito del partner tecnologico caricato',
  'partner.mark': 'Esito del partner tecnologico scritto a mano',
  'partner.release': 'Posizioni rifiutate dal partner riprese',
  'partner.withdraw': 'File per il partner tecnologico ritirato',
  'nodePosition.publish': 'Posizioni da pubblicare sul nodo',
  'nodePosition.withdraw': 'Posizioni annullate da togliere dal nodo',
  'nodePosition.unwant': 'Pubblicazione fermata',
  'nodePosition.retry': 'Posizioni rifiutate rimesse in coda',
  'nodePosition.hurry': 'Pubblicazione riprovata subito',
  'nodePosition.pause': 'Pubblicazione in pausa',
  'nodePosition.resume': 'Pubblicazione ripresa',
  'nodePosition.take': 'Posizioni in partenza per il nodo',
  'nodePosition.told': 'Risposte del nodo su posizioni',
  'nodePosition.file': 'Caricamento massivo sul nodo',
  'nodePosition.recover': 'Passi rimasti a metà da chiedere al nodo',
  'nodePosition.hold': 'Postazione che parla con il nodo',
  'nodePosition.refresh': 'Stato chiesto al nodo',
  'nodePosition.found': 'Posizioni trovate sul nodo',
  'nodePosition.keep': 'Differenza con il nodo lasciata così',
  'nodePosition.reopen': 'Differenza con il nodo di nuovo da guardare',
  'nodePosition.resend': 'Posizioni rimandate al nodo',
  'nodePosition.removeThere': 'Posizioni sconosciute tolte dal nodo',
  'positionAct.note': 'Nota su una posizione',
  'positionAct.payOutside': 'Pagamento fuori da pagoPA registrato',
  'publicationMessage.leaveOut': 'Posizioni pubblicate senza messaggio su App IO',
  'cart.make': 'Link «Paga ora» chiesto a Checkout',
  'letter.save': 'Lettera salvata',
  'letter.remove': 'Lettera tolta',
  'campaign.start': 'Consegna avviata',
  'campaign.cancel': 'Consegna fermata',
  'campaign.pause': 'Consegna in pausa',
  'campaign.resume': 'Consegna ripresa',
  'campaign.stop': 'Consegna ferma',
  'campaign.reopen': 'Consegna riprovata',
  'campaign.close': 'Consegna finita',
  'campaign.index': 'Indice di una consegna scritto',
  'campaign.cleanUp': 'File di una consegna tolti',
  'delivery.attempt': 'Avviso in partenza',
  'delivery.hold': 'Invio tenuto da questo programma',
  'delivery.resend': 'Avviso rispedito',
  'delivery.outcome': 'Esito di una consegna',
  'delivery.cancel': 'Consegne annullate',
  'delivery.resolve': 'Esito incerto risolto',
  'delivery.retry': 'Consegna ripetuta',
  'delivery.recover': 'Consegne interrotte riprese',
  'deliveryStop.add': 'Persona da non raggiungere',
  'deliveryStop.remove': 'Persona di nuovo da raggiungere',
  'mailAccount.save': 'Casella di posta salvata',
  'mailAccount.remove': 'Casella di posta tolta',
  'mailAccount.readReceipts': 'Ricevute lette dalla casella',
  'mailAccount.receiptsRead': 'Casella delle ricevute letta',
  'mailAccount.receiptsFailed': 'Casella delle ricevute non letta',
  'delivery.gather': 'Lettere raccolte per il lotto postale',
  'delivery.refuse': 'Lettere rimaste fuori dal lotto postale',
  'delivery.handOver': 'Lotto consegnato al servizio postale',
  'delivery.follow': 'Messaggio di App IO seguito',
  'fileAccount.save': 'Server di file salvato',
  'fileAccount.remove': 'Server di file tolto',
  'node.save': 'Collegamento al nodo pagoPA cambiato',
  'node.chooseEnvironment': 'Ambiente pagoPA cambiato',
  'node.refreshIbans': 'IBAN e stazioni riletti da pagoPA',
  'node.clearCalls': 'Registro delle chiamate a pagoPA svuotato',
  'ioService.save': 'App IO configurata',
  'delivery.settle': 'Consegne mosse dalle ricevute',
  'person.create': 'Persona aggiunta',
  'person.save': 'Anagrafica modificata',
  'person.saveContact': 'Recapito cambiato',
  'person.markContact': 'Recapito segnato',
  'person.saveAlbo': 'Iscrizione all’albo scritta',
  'person.closeAlbo': 'Iscrizione all’albo chiusa',
  'person.note': 'Nota su una persona',
  'person.stop': 'Persone da non raggiungere',
  'person.distinct': 'Due persone diverse, non un doppione',
  'person.merge': 'Persone unite',
  'person.separate': 'Persone separate',
  'person.exportData': 'Dati personali esportati',
  'person.erase': 'Dati personali cancellati',
  'reportingFlow.import': 'Flussi di rendicontazione caricati',
  'bankStatement.confirm': 'Estratto conto caricato',
  'bankStatement.decidePending': 'Movimenti simili decisi',
  'bankStatement.renameProfile': 'Formato di estratto conto rinominato',
  'bankStatement.removeProfile': 'Formato di estratto conto tolto',
  'receipt.import': 'Ricevute caricate',
  'nodeInbox.receipts': 'Ricevute scaricate dal nodo',
  'nodeInbox.flows': 'Flussi di rendicontazione scaricati dal nodo',
  'nodeInbox.read': 'Nodo letto fino in fondo',
  'nodeInbox.readFailed': 'Lettura del nodo fermata',
  'nodeInbox.lost': 'Giorni fuori dalla portata del nodo',
  'nodeInbox.leaveUnread': 'Ricevuta o flusso del nodo non più richiesto',
  'nodeInbox.leaveLost': 'Giorni fuori dalla portata del nodo messi da parte',
  'spontaneous.raise': 'Pagamenti senza posizione guardati',
  'spontaneous.assign': 'Pagamento senza posizione attribuito',
  'spontaneous.look': 'Pagamenti spontanei guardati',
  'spontaneous.undo': 'Pagamento spontaneo disfatto',
  'spontaneous.leave': 'Pagamento senza posizione lasciato o ripreso',
  'watchedFolder.save': 'Cartella tenuta d’occhio',
  'watchedFolder.remove': 'Cartella non più tenuta d’occhio',
  'watchedFolder.scan': 'Cartella guardata',
  'watchedFolder.files': 'File trovati in una cartella',
  'reconciliation.decide': 'Deciso in riconciliazione',
  'reconciliation.undo': 'Decisione disfatta',
  'reconciliation.note': 'Annotazione',
  'reconciliation.assign': 'Righe assegnate',
  'rule.accept': 'Regola di abbinamento accettata',
  'rule.refuse': 'Regola di abbinamento rifiutata',
  'rule.remove': 'Regola di abbinamento tolta',
  // Written by versions before «decide».
  'reconciliation.match': 'Accredito abbinato a mano',
  'reconciliation.exclude': 'Accrediti esclusi',
  'reconciliation.skip': 'Accredito saltato per oggi',
  'reversale.post': 'Reversali emesse',
  'reversale.annul': 'Reversale annullata',
  'reversale.reissue': 'Reversale annullata e riemessa',
  'reversale.keep': 'Reversale tenuta',
  'reversale.release': 'Reversale non più tenuta',
  'reversale.setProvvisorio': 'Numero di provvisorio scritto',
  'bookRule.save': 'Regole dei libri cambiate',
  'albo.handOver': 'Lista per l’Albo consegnata',
  'albo.send': 'Lista per l’Albo preparata',
  'albo.sent': 'Lista mandata all’Albo',
  'albo.answer': 'Risposta dell’Albo registrata',
  'alboDestination.save': 'Destinazione per l’Albo salvata',
  'alboDestination.remove': 'Destinazione per l’Albo tolta',
  'reversale.saveSignatures': 'Firme delle reversali cambiate',
  'transmissionList.create': 'Distinta di trasmissione emessa',
  'ledger.backup': 'Copia di sicurezza',
  'ledger.reconcile': 'Riconciliazione rifatta dopo un aggiornamento',
  'setting.set': 'Preferenza cambiata',
  'view.save': 'Vista salvata',
  'view.remove': 'Vista tolta',
}

/** What was decided, by kind of act. */
const ACTS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  match: ['abbinamento', 'abbinamenti'],
  exclude: ['esclusione', 'esclusioni'],
  internal: ['giroconto', 'giroconti'],
  storno: ['storno', 'storni'],
  acceptFlow: ['flusso accettato', 'flussi accettati'],
  chooseVersion: ['versione scelta', 'versioni scelte'],
  confirmRevocation: ['revoca confermata', 'revoche confermate'],
  netRevocation: ['revoca presa al netto', 'revoche prese al netto'],
  assignRow: ['pagamento attribuito', 'pagamenti attribuiti'],
  setAside: ['riga messa da parte', 'righe messe da parte'],
  paidOutside: ['pagamento fuori da pagoPA', 'pagamenti fuori da pagoPA'],
  keepReversale: ['reversale tenuta', 'reversali tenute'],
  skip: ['riga rimandata', 'righe rimandate'],
}

/** Numbers of a payload, with what they count where the words before do not already say it. */
const COUNTS = [
  ['count', '', ''],
  ['reversali', '', ''],
  ['onList', 'reversale', 'reversali'],
  ['movements', 'movimento', 'movimenti'],
  ['letters', 'lettera', 'lettere'],
  ['pages', 'pagina', 'pagine'],
  ['rows', 'riga', 'righe'],
  ['positions', 'posizione', 'posizioni'],
  ['accertamenti', 'accertamento', 'accertamenti'],
  ['subjects', '', ''],
  ['unread', 'non letta', 'non lette'],
] as const

/** One line of the activity register, with the amount, the count and the reason where the entry has them. */
export function journalText(command: string, payload: JsonValue): string {
  const words = Object.hasOwn(WORDS, command) ? (WORDS[command] as string) : command
  if (payload === null || typeof payload !== 'object' || Array.isArray(payload)) return words
  const fields = payload as { readonly [key: string]: JsonValue }
  const details: string[] = []
  if (typeof fields.year === 'number') details.push(String(fields.year))
  for (const [key, one, many] of COUNTS) {
    const value = fields[key]
    if (typeof value === 'number') details.push(`${value} ${value === 1 ? one : many}`.trim())
  }
  if (command.startsWith('delivery.') && typeof fields.state === 'string') {
    details.push(stateWord('delivery', fields.state).word.toLowerCase())
  }
  const { kinds } = fields
  if (kinds !== null && typeof kinds === 'object' && !Array.isArray(kinds)) {
    for (const [kind, n] of Object.entries(kinds)) {
      const [one, many] = Object.hasOwn(ACTS, kind) ? (ACTS[kind] as readonly [string, string]) : [kind, kind]
      if (typeof n === 'number') details.push(`${n} ${n === 1 ? one : many}`)
    }
  }
  const { flows } = fields
  if (Array.isArray(flows)) details.push(flows.length === 1 ? String(flows[0]) : `${flows.length} flussi`)
  for (const key of ['file', 'fileName', 'name', 'assignee']) {
    const value = fields[key]
    if (typeof value === 'string') details.push(`«${value}»`)
  }
  if (isCents(fields.cents)) details.push(`${formatCents(fields.cents as Cents)} €`)
  if (typeof fields.reason === 'string' && fields.reason !== '') details.push(fields.reason)
  return details.length === 0 ? words : `${words}: ${details.join(', ')}`
}

/**
 * False for commands that only move columns and views, and for each single step of a campaign or of a correction before
 * an import: not worth a line among the last things done.
 */
export function isWorthTelling(command: string): boolean {
  return !/^(setting|view|ledger)\.|^delivery\.(attempt|outcome|hold|gather|refuse|follow)$|^mailAccount\.receiptsRead$|^nodePosition\.(refresh|take|told|file|recover|hold)$|^nodeInbox\.read$|^registerImport\.(fixCell|tick)$/.test(
    command,
  )
}
