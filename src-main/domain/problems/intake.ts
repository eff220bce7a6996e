import { entry } from './entry.ts'

/** What comes in, held against the books: whose account a statement is of, its pages, the treasurer's numbers and outcomes. */
export const intakeProblems = {
  STATEMENT_OTHER_ACCOUNT: entry<{ account: string; chosen: string; own: string }>(
    ({ account, chosen, own }) =>
      own === ''
        ? `Il file è del conto ${account}, non di «${chosen}».`
        : `Il file è del conto «${own}» (${account}), non di «${chosen}».`,
    ({ own }) =>
      own === ''
        ? 'Scegli il conto giusto; se non c’è, aggiungilo in Impostazioni, Conti e IBAN.'
        : `Scegli il conto «${own}» e rileggi il file.`,
  ),
  STATEMENT_ACCOUNT_OPEN: entry<{ account: string }>(
    ({ account }) => `Il file ha anche i movimenti del conto ${account}, che non è tra i tuoi conti.`,
    () => 'Di’ quale dei tuoi conti è, oppure lascialo fuori.',
  ),
  STATEMENT_ACCOUNT_UNSAID: entry<{ account: string; chosen: string }>(
    ({ account, chosen }) => `Il file è del conto ${account}; «${chosen}» non ha un IBAN con cui confrontarlo.`,
    () => 'Controlla che sia quello, o scrivi il suo IBAN in Impostazioni, Conti e IBAN.',
  ),
  STATEMENT_FILES_MANY: entry<{ name: string }>(
    ({ name }) => `«${name}» non è una pagina della stessa consegna degli altri file scelti.`,
    () => 'Carica insieme solo le pagine di una consegna; gli altri file, uno alla volta.',
  ),
  STATEMENT_PAGES_MISSING: entry<{ have: string; pages: number; missing: string }>(
    ({ have, pages, missing }) => `La consegna ha ${pages} pagine. Qui: ${have}. Mancano: ${missing}.`,
    () => 'Scegli insieme tutti i file della consegna: entrano tutte le pagine o nessuna.',
  ),
  STATEMENT_PAGES_OPEN: entry<{ have: string; missing: string }>(
    ({ have, missing }) =>
      `L’estratto conto continua in altri file. Qui, pagine: ${have}. Mancano: ${missing === '' ? '' : `${missing} e `}l’ultima.`,
    () => 'Scegli insieme tutti i file della consegna: entrano tutte le pagine o nessuna.',
  ),
  STATEMENT_PAGE_TWICE: entry<{ page: number; name: string }>(
    ({ page, name }) => `La pagina ${page} è due volte tra i file scelti («${name}»).`,
    () => 'Lascia un file solo per ogni pagina.',
  ),
  STATEMENT_NOT_FOLLOWING: entry<{ account: string; closing: string; to: string; opening: string; from: string }>(
    ({ account, closing, to, opening, from }) =>
      `«${account}»: l’ultimo estratto conto finiva il ${to} con ${closing}, questo comincia il ${from} con ${opening}.`,
    () => 'In mezzo manca qualche movimento: scarica anche quel periodo.',
  ),
  STATEMENT_PROVVISORIO_YEAR: entry<{ number: string; year: number }>(
    ({ number, year }) =>
      `Il provvisorio ${number} è dell’esercizio ${year}, che qui non c’è: il numero non si conserva.`,
    () => 'Apri l’esercizio in Impostazioni, se ti serve, e scrivi il numero sulla riga.',
  ),
  STATEMENT_PROVVISORIO_TAKEN: entry<{ number: string; year: number }>(
    ({ number, year }) =>
      `Il provvisorio ${number} del ${year} è già di un altro accredito: qui il numero non si scrive.`,
    () => 'Controlla quale dei due è giusto.',
  ),
  STATEMENT_EXECUTED_UNKNOWN: entry<{ number: number; year: number }>(
    ({ number, year }) => `Il tesoriere ha eseguito la reversale ${number} del ${year}, che nei libri non c’è.`,
    () => 'Non cambia niente qui; chiedi al tesoriere di che cosa si tratta.',
  ),
  STATEMENT_EXECUTED_ANNULLED: entry<{ number: number; year: number; day: string }>(
    ({ number, year, day }) => `Il tesoriere ha eseguito la reversale ${number} del ${year}, annullata il ${day}.`,
    () => 'Accordati con il tesoriere: da lui risulta ancora in vita.',
  ),
  STATEMENT_EXECUTED_DIFFERS: entry<{ number: number; year: number; executed: string; cents: string }>(
    ({ number, year, executed, cents }) =>
      `Reversale ${number} del ${year}: il tesoriere ha eseguito ${executed}, nei libri sono ${cents}.`,
    () => 'Non è segnata come eseguita: accordati con il tesoriere.',
  ),
  STATEMENT_EXECUTED_BACK: entry<{ number: number; year: number; cents: string }>(
    ({ number, year, cents }) => `Il tesoriere ha stornato ${cents} della reversale ${number} del ${year}.`,
    () => 'Nei libri resta com’è: se è sbagliata annullala con un motivo.',
  ),
  PENDING_GONE: entry(
    () => 'Alcune righe sono già state decise.',
    () => 'Aggiorna la pagina e riprova.',
  ),
  PENDING_SAME_TWICE: entry<{ day: string; cents: string }>(
    ({ day, cents }) => `Due righe dello stesso file non possono essere lo stesso movimento (${day}, ${cents}).`,
    () => 'Una sola è la stessa; l’altra va aggiunta.',
  ),
  RECEIPT_CONFLICT: entry<{ iuv: string; iur: string; kept: string; found: string }>(
    ({ iuv, iur, kept, found }) =>
      `La ricevuta ${iur} dello IUV ${iuv} c’è già con altri dati: qui ${found}, nell’archivio ${kept}.`,
    () => 'Resta quella che c’è; chiedi al prestatore quale vale.',
  ),
  RECEIPT_GONE: entry(
    () => 'Questa ricevuta non è in questo archivio.',
    () => 'Aggiorna la pagina e riprova.',
  ),
  RECEIPT_FOREIGN: entry<{ fiscalCode: string }>(
    ({ fiscalCode }) => `La ricevuta è di un altro ente (codice fiscale ${fiscalCode}): non entra.`,
    () => 'Se è tua, controlla il codice fiscale in Impostazioni, Ente.',
  ),
  INTAKE_INVENTED: entry<{ what: string; psp: string }>(
    ({ what, psp }) =>
      `${what} è di «${psp}», un PSP inventato del nodo di prova: quei soldi nessuno li ha versati, e in Produzione non entra.`,
    () => 'Se ti serve per provare, usa un archivio che è in Prova.',
  ),
  INTAKE_UNKNOWN: entry<{ name: string }>(
    ({ name }) => `«${name}» non è un flusso, né una ricevuta, né un estratto conto.`,
    () => 'Controlla di avere scelto il file giusto.',
  ),
  INTAKE_NOT_HERE: entry<{ what: string }>(
    ({ what }) => `È ${what}: da qui non si carica.`,
    () => 'Caricalo dalla sua pagina.',
  ),
  PROFILE_NAME_TAKEN: entry<{ name: string }>(
    ({ name }) => `C’è già un formato che si chiama «${name}».`,
    () => 'Dagli un altro nome.',
  ),
  PROFILE_GONE: entry(
    () => 'Questo formato non c’è più.',
    () => 'Aggiorna la pagina.',
  ),
  WATCHED_FOLDER_TAKEN: entry<{ name: string }>(
    ({ name }) => `La cartella «${name}» è già tenuta d’occhio.`,
    () => 'Cambia quella che c’è.',
  ),
  WATCHED_STATEMENT_ACCOUNT: entry(
    () => 'Il file non dice di quale conto è.',
    () => 'Scegli il conto di questa cartella, oppure carica il file dalla pagina degli estratti conto.',
  ),
  WATCHED_STATEMENT_OTHERS: entry<{ account: string }>(
    ({ account }) => `Il file è del conto ${account}, che non è tra i tuoi conti.`,
    () => 'Scrivi il suo IBAN in Impostazioni, Conti e IBAN, oppure togli il file dalla cartella.',
  ),
  WATCHED_FILE_UNREADABLE: entry<{ reason: string }>(
    ({ reason }) => `Il file non si apre: ${reason}.`,
    () => 'Controlla che un altro programma non lo tenga aperto e che si possa leggere.',
  ),
  WATCHED_FOLDER_GONE: entry(
    () => 'Questa cartella non è più tenuta d’occhio.',
    () => 'Aggiorna la pagina.',
  ),
} as const
