import { entry } from './entry.ts'

/** What the books refuse. The ledger's triggers raise these codes; `thing` names the rows in Italian. */
export const booksProblems = {
  BOOKS_ROW_FIXED: entry<{ thing: string }>(
    ({ thing }) => `Una riga già registrata non si modifica e non si cancella (${thing}).`,
    () => 'Registra una rettifica: variazione, annullamento o nuova versione.',
  ),
  BOOKS_BALANCE_FIXED: entry<{ thing: string }>(
    ({ thing }) => `I saldi li scrive solo il programma dalle righe registrate (${thing}).`,
  ),
  BOOKS_OVERDRAWN_ACCERTAMENTO: entry(
    () => 'L’importo supera ciò che resta da riscuotere sull’accertamento, o lo porta sotto quanto è già riscosso.',
    () => 'Controlla il residuo dell’accertamento e riduci l’importo.',
  ),
  BOOKS_OVERDRAWN_MOVEMENT: entry(
    () => 'L’importo supera la somma disponibile dell’accredito.',
    () => 'Controlla gli abbinamenti e gli storni dell’accredito, poi riduci l’importo.',
  ),
  BOOKS_NUMBER_GAP: entry<{ thing: string }>(
    ({ thing }) => `Il numero non è il successivo dell’esercizio (${thing}).`,
    () => 'Ripeti l’operazione: il numero si assegna da sé.',
  ),
  BOOKS_CHRONOLOGY: entry<{ thing: string }>(
    ({ thing }) => `La data è anteriore a quella del numero che precede (${thing}).`,
    () => 'Scegli una data uguale o successiva.',
  ),
  BOOKS_EXERCISE_NOT_OPEN: entry<{ thing: string }>(
    ({ thing }) => `L’esercizio non è aperto: non si registra (${thing}).`,
    () => 'Apri l’esercizio in Impostazioni › Ente oppure scegline un altro.',
  ),
  BOOKS_EXERCISE_APPROVED: entry(() => 'Il rendiconto dell’esercizio è approvato: l’esercizio non cambia più.'),
  BOOKS_EXERCISE_MOVE: entry(
    () => 'Un esercizio si chiude con i suoi residui, si riapre annullando la chiusura e si approva una volta sola.',
    () => 'Usa la chiusura in Impostazioni › Esercizi.',
  ),
  BOOKS_RESIDUO_BY_HAND: entry(
    () => 'Un residuo nasce solo dalla chiusura dell’esercizio: non si scrive a mano.',
    () => 'Chiudi l’esercizio in Impostazioni › Esercizi.',
  ),
  BOOKS_ACT_MISSING: entry(
    () => 'Per ridurre un residuo serve l’atto che lo delibera.',
    () => 'Scrivi numero e data dell’atto.',
  ),
  BOOKS_LINES_DIFFER: entry(() => 'La somma delle righe della reversale non è uguale al suo importo.'),
  BOOKS_CREDIT_UNUSABLE: entry(
    () =>
      'Una riga della reversale usa un accredito che non è abbinato, o è di un altro conto o di un anno successivo.',
    () => 'Aggiorna la riconciliazione e riprova.',
  ),
  BOOKS_REVERSALE_SEALED: entry(
    () => 'La reversale è già emessa: non si aggiungono righe.',
    () => 'Annullala ed emettine un’altra.',
  ),
  BOOKS_REVERSALE_ANNULLED: entry(() => 'La reversale è annullata: non si trasmette.'),
  BOOKS_MATCH_HAS_LINES: entry(
    () => 'L’abbinamento ha reversali emesse: non si scioglie.',
    () => 'Annulla prima le reversali.',
  ),
  BOOKS_MATCH_SIGN: entry(
    () => 'L’abbinamento unisce movimenti del segno sbagliato: un incasso vuole un accredito, uno storno un addebito.',
  ),
  BOOKS_IUV_TAKEN: entry(() => 'Lo IUV appartiene a un’altra posizione: un IUV non si riusa mai.'),
  BOOKS_IMPORT_CONFIRMED: entry(
    () => 'L’importazione è confermata: le sue righe non cambiano più.',
    () => 'Annullala da Importa quote, oppure importa un nuovo file.',
  ),
  BOOKS_DELIVERY_FINAL: entry(
    () => 'La consegna è conclusa: il suo stato non cambia più.',
    () => 'Per inviare di nuovo crea una nuova consegna.',
  ),
  BOOKS_IN_USE: entry<{ thing: string }>(
    ({ thing }) => `Ci sono già registrazioni che lo usano: il codice non cambia più (${thing}).`,
    () => 'Creane uno nuovo.',
  ),
  BOOKS_DUPLICATE: entry<{ thing: string }>(
    ({ thing }) => `C’è già una riga uguale (${thing}).`,
    () => 'Aggiorna la pagina e controlla.',
  ),
  BOOKS_REFERENCED: entry<{ thing: string }>(
    ({ thing }) => `Una riga collegata manca, o qualcosa usa ancora questa (${thing}).`,
    () => 'Aggiorna la pagina e controlla.',
  ),
  BOOKS_JOURNAL_CHAIN: entry(
    () => 'Il registro attività non accetta una riga fuori dalla catena.',
    () => 'Chiudi e riapri il programma; se succede ancora avvisa l’assistenza.',
  ),
  POSTING_CHANGED: entry<{ expected: string; found: string }>(
    ({ expected, found }) => `Le reversali pronte sono cambiate: avevi visto ${expected}, ora sono ${found}.`,
    () => 'Aggiorna l’elenco, ricontrolla e ripeti. Niente è stato scritto.',
  ),
  POSTING_SPLITS_PAYMENT: entry<{ payment: string; cents: string; capitolo: string }>(
    ({ payment, cents, capitolo }) =>
      `Un pagamento ${payment} sta in più reversali: manca quella da ${cents} € (capitolo ${capitolo}).`,
    () => 'Il pagamento è uno e si riscuote intero: scegli anche quella reversale. Niente è stato scritto.',
  ),
  POSTING_CREDIT_BUSY: entry<{ cents: string }>(
    ({ cents }) => `L’accredito di una riga da ${cents} è ancora impegnato da una reversale non più sostenuta.`,
    () => 'Annulla prima quella reversale con un motivo.',
  ),
  POSTING_DATE_WRONG: entry<{ date: string; earliest: string; exercise: number }>(
    ({ date, earliest, exercise }) =>
      `La data ${date} non va bene: deve stare tra ${earliest} e la fine dell’esercizio ${exercise}.`,
    () => 'Le reversali si emettono in ordine di data: scegli un giorno più avanti.',
  ),
  REVERSALE_NOT_FOUND: entry<{ id: number }>(
    ({ id }) => `La reversale ${id} non è in questo archivio.`,
    () => 'Aggiorna l’elenco e aprila di nuovo.',
  ),
  REVERSALE_ALREADY_ANNULLED: entry<{ number: number; exercise: number }>(
    ({ number, exercise }) => `La reversale ${number}/${exercise} è già annullata.`,
  ),
  REVERSALE_EXECUTED: entry<{ number: number; exercise: number; date: string }>(
    ({ number, exercise, date }) =>
      `La reversale ${number}/${exercise} è stata eseguita dal tesoriere il ${date}: non si annulla più.`,
    () => 'Correggi con un mandato, oppure consenti l’annullamento in Impostazioni › Regole dei libri.',
  ),
  REVERSALE_SUPPORTED: entry<{ number: number; exercise: number }>(
    ({ number, exercise }) =>
      `La reversale ${number}/${exercise} è sostenuta da flussi e accrediti: non c’è niente da decidere.`,
    () => 'Aggiorna l’elenco.',
  ),
  REVERSALE_KEEP_ASSIGNED: entry<{ reversale: string; iuv: string; flowId: string; cents: string }>(
    ({ reversale, iuv, flowId, cents }) =>
      `Nella reversale ${reversale} ci sono ${cents} € del pagamento ${iuv} del flusso ${flowId}, che hai attribuito a mano altrimenti: tenerla li conterebbe due volte.`,
    () => 'Disfa prima l’attribuzione del pagamento, oppure annulla la reversale invece di tenerla.',
  ),
  REVERSALE_NOT_KEPT: entry<{ number: number; exercise: number }>(
    ({ number, exercise }) => `La reversale ${number}/${exercise} non è tra quelle tenute per scelta.`,
    () => 'Aggiorna l’elenco.',
  ),
  POSTING_NOT_SQUARE: entry<{ difference: string }>(
    ({ difference }) => `La quadratura non torna: ${difference} € non sono spiegati.`,
    () => 'Apri la riconciliazione, guarda la quadratura in fondo e risolvi la differenza. Niente è stato scritto.',
  ),
  POSTING_LATE_CREDIT: entry<{ year: number; open: number; cents: string }>(
    ({ year, open, cents }) =>
      `Accrediti del ${year} per ${cents} € andrebbero nell’esercizio ${open}, perché il ${year} è chiuso.`,
    () => 'Conferma che vanno in conto residui nell’esercizio aperto: si chiede una volta sola per esercizio.',
  ),
  PROVVISORIO_TAKEN: entry<{ number: number; exercise: number }>(
    ({ number, exercise }) => `Il provvisorio ${number}/${exercise} è già di un altro accredito dello stesso conto.`,
    () => 'Controlla il numero sul giornale del tesoriere.',
  ),
  PROVVISORIO_OF_DEBIT: entry(
    () => 'Il numero del provvisorio d’entrata è degli accrediti: questo movimento è un addebito.',
    () => 'Scegli un accredito.',
  ),
  PROVVISORIO_NO_EXERCISE: entry<{ year: number }>(
    ({ year }) =>
      `L’accredito è del ${year}, un esercizio che in questo archivio non c’è: il suo numero non si conserva.`,
    () => 'Se ti serve apri l’esercizio in Impostazioni › Esercizi, poi scrivi il numero.',
  ),
  EXERCISE_NOT_KNOWN: entry<{ year: number }>(
    ({ year }) => `L’esercizio ${year} non è in questo archivio.`,
    () => 'Aggiorna la pagina.',
  ),
  EXERCISE_CANNOT_MOVE: entry<{ year: number; why: string }>(
    ({ year, why }) => `L’esercizio ${year} non si può ${why}.`,
    () => 'Segui l’elenco di controllo dell’esercizio.',
  ),
  ALBO_NOTHING_NEW: entry(
    () => 'Dall’ultima lista consegnata non è cambiato niente.',
    () => 'Per rivedere quello che è già consegnato togli il filtro «Solo novità» ed esporta l’elenco.',
  ),
  ALBO_DESTINATION_GONE: entry(
    () => 'Questa destinazione per l’Albo non c’è più.',
    () => 'Guarda le destinazioni in Impostazioni › Albo.',
  ),
  ALBO_DESTINATION_NAME: entry<{ name: string }>(
    ({ name }) => `C’è già una destinazione «${name}».`,
    () => 'Scegli un altro nome.',
  ),
  ALBO_DESTINATION_PLACE: entry<{ what: string }>(
    ({ what }) => `Manca ${what}.`,
    () => 'Sceglilo, oppure passa a «Salvo io il file».',
  ),
  ALBO_LIST_GONE: entry(
    () => 'Questa lista per l’Albo non c’è.',
    () => 'Aggiorna la pagina.',
  ),
  ALBO_LIST_ANSWERED: entry<{ name: string }>(
    ({ name }) => `L’Albo ha già risposto alla lista «${name}» e le righe rifiutate sono ripartite in un’altra.`,
    () => 'Guarda la lista più recente.',
  ),
  ALBO_FILE_DIFFERS: entry<{ name: string }>(
    ({ name }) => `Al suo posto c’è già un altro file «${name}».`,
    () => 'Spostalo o rinominalo, poi rimanda la lista.',
  ),
  ALBO_REPLY_HEADINGS: entry<{ wanted: string }>(
    ({ wanted }) => `Nel file di risposta non ci sono le colonne ${wanted}.`,
    () => 'Scegli il file che l’Albo ha dato in risposta, oppure segna le righe a mano.',
  ),
  ALBO_REPLY_EMPTY: entry(
    () => 'Nel file di risposta nessuna riga ha un esito.',
    () => 'Scegli il file che l’Albo ha dato in risposta, oppure segna le righe a mano.',
  ),
  ALBO_REPLY_UNKNOWN: entry<{ value: string }>(
    ({ value }) => `«${value}» non è in questa lista.`,
    () => 'Controlla che il file risponda a questa lista: la riga è lasciata fuori.',
  ),
  ALBO_REPLY_MANY: entry<{ value: string }>(
    ({ value }) => `«${value}» è in più righe di questa lista: la risposta non dice quale.`,
    () => 'Segna quelle righe a mano.',
  ),
  ALBO_REPLY_OUTCOME: entry<{ value: string }>(
    ({ value }) => `L’esito «${value}» non dice né accettata né rifiutata.`,
    () => 'Segna quella riga a mano.',
  ),
  ALBO_REPLY_TWICE: entry<{ value: string }>(
    ({ value }) => `«${value}» c’è due volte nella risposta, con esiti diversi.`,
    () => 'Segna quella riga a mano.',
  ),
  WRITE_OFF_CHANGED: entry<{ expected: string; found: string }>(
    ({ expected, found }) => `I residui scelti sono cambiati: avevi visto ${expected} €, ora sono ${found} €.`,
    () => 'Aggiorna l’elenco, ricontrolla e ripeti. Niente è stato scritto.',
  ),
  CLOSING_BLOCKED: entry<{ year: number; why: string }>(
    ({ year, why }) => `L’esercizio ${year} non si chiude ancora: ${why}`,
    () => 'Risolvi le voci in rosso dell’elenco di controllo e ripeti.',
  ),
  CLOSING_CHANGED: entry<{ year: number; why: string }>(
    ({ year, why }) => `L’elenco di controllo del ${year} è cambiato: ${why}`,
    () => 'Rileggilo e conferma di nuovo. Niente è stato scritto.',
  ),
  TRANSMISSION_CHANGED: entry<{ expected: string; found: string }>(
    ({ expected, found }) => `Le reversali scelte sono cambiate: avevi visto ${expected}, ora sono ${found}.`,
    () => 'Aggiorna l’elenco, ricontrolla e ripeti. Niente è stato scritto.',
  ),
  TRANSMISSION_TAKEN: entry<{ number: number; list: number; exercise: number }>(
    ({ number, list, exercise }) => `La reversale ${number} è già sulla distinta ${list} del ${exercise}.`,
    () => 'Aggiorna l’elenco: una reversale si trasmette una volta sola. Niente è stato scritto.',
  ),
  TRANSMISSION_ANNULLED: entry<{ number: number; exercise: number }>(
    ({ number, exercise }) => `La reversale ${number}/${exercise} è annullata: non si trasmette.`,
    () => 'Toglila dalla scelta e ripeti. Niente è stato scritto.',
  ),
  TRANSMISSION_OTHER: entry<{ number: number; exercise: number; account: string }>(
    ({ number, exercise, account }) =>
      `La reversale ${number} è dell’esercizio ${exercise} e del conto «${account}»: non sta su questa distinta.`,
    () => 'Una distinta raccoglie reversali di un esercizio e di un conto: fanne una per ciascuno.',
  ),
  TRANSMISSION_DATE: entry<{ date: string; earliest: string; latest: string }>(
    ({ date, earliest, latest }) => `La data ${date} non va bene: deve stare tra ${earliest} e ${latest}.`,
    () => 'Le distinte seguono la data della precedente e delle loro reversali, e non si datano nel futuro.',
  ),
  TRANSMISSION_LIST_NOT_FOUND: entry<{ id: number }>(
    ({ id }) => `La distinta ${id} non è in questo archivio.`,
    () => 'Aggiorna l’elenco e aprila di nuovo.',
  ),
  PAPERS_NONE: entry(
    () => 'Non c’è niente da stampare.',
    () => 'Cambia la ricerca o la scelta e riprova.',
  ),
  QUIETANZA_NOT_FOUND: entry<{ id: number }>(
    ({ id }) => `La quietanza ${id} non è in questo archivio.`,
    () => 'Aggiorna l’elenco e aprila di nuovo.',
  ),
  QUIETANZA_FILE_DIFFERS: entry<{ name: string }>(
    ({ name }) => `Nella cartella c’è già un file «${name}» con un altro contenuto.`,
    () => 'Spostalo o scegli un’altra cartella: il programma non lo sovrascrive.',
  ),
  CLOCK_BEHIND: entry<{ now: string; last: string }>(
    ({ now, last }) => `L’orologio del computer segna ${now}, ma l’ultima registrazione è delle ${last}.`,
    () => 'Regola data e ora prima di emettere nuovi IUV.',
  ),
} as const
