import { entry } from './entry.ts'

/** Bank statements: what makes one unreadable, and what its own balances contradict. */
export const statementProblems = {
  STATEMENT_LAYOUT_UNKNOWN: entry(
    () => 'Il formato di questo estratto conto non è tra quelli conosciuti.',
    () => 'Indica tu le colonne di data, importo e descrizione: il programma le ricorda per questa banca.',
  ),
  STATEMENT_COLUMN_MISSING: entry<{ field: string; number: number }>(
    ({ field, number }) => `La colonna ${number} scelta per ${field} non esiste nel file.`,
    () => 'Scegline un’altra.',
  ),
  STATEMENT_NO_MOVEMENTS: entry(
    () => 'Nel file non c’è nessun movimento.',
    () => 'Controlla il periodo scelto quando lo hai scaricato dalla banca.',
  ),
  STATEMENT_NO_SIGN: entry(
    () => 'Tutti gli importi sono senza segno in una sola colonna: non si distinguono le entrate dalle uscite.',
    () =>
      'Scarica la lista con il segno o con le colonne dare e avere; se sono davvero tutte entrate, indicalo scegliendo le colonne.',
  ),
  STATEMENT_SIGNS_MIXED: entry<{ value: string }>(
    ({ value }) =>
      `Nella colonna di «${value}» alcuni importi hanno il segno meno e altri no: non si capisce quali siano storni.`,
    () => 'Scarica la lista con una sola colonna con il segno, oppure con i saldi iniziale e finale.',
  ),
  STATEMENT_CREDIT_NEGATIVE: entry<{ value: string }>(
    ({ value }) =>
      `Tra gli accrediti c’è un importo negativo («${value}»): forse è uno storno, e qui conterebbe come incasso.`,
    () => 'Scarica la lista con una sola colonna con il segno, oppure con i saldi iniziale e finale.',
  ),
  STATEMENT_BOTH_AMOUNTS: entry<{ debit: string; credit: string }>(
    ({ debit, credit }) => `La riga ha insieme dare «${debit}» e avere «${credit}».`,
    () => 'Controlla le colonne scelte: un movimento ne riempie una sola.',
  ),
  STATEMENT_AMOUNT_EMPTY: entry(
    () => 'Il movimento non ha importo.',
    () => 'Controlla le colonne scelte.',
  ),
  STATEMENT_AMOUNT_UNREADABLE: entry<{ value: string; form: string }>(
    ({ value }) => `Importo non leggibile: «${value}».`,
    ({ form }) => `Nel resto del file gli importi hanno la forma ${form}.`,
  ),
  STATEMENT_AMOUNT_ZERO: entry(
    () => 'Il movimento è di zero euro: non viene importato.',
    () => 'Di solito è un’informazione della banca, non denaro.',
  ),
  STATEMENT_SIGN_WRONG: entry<{ value: string }>(
    ({ value }) => `Il segno «${value}» non dice se è un’entrata o un’uscita.`,
    () => 'Controlla la colonna del segno.',
  ),
  STATEMENT_DATE_UNREADABLE: entry<{ value: string; field: string }>(
    ({ value, field }) => `${field} non leggibile: «${value}».`,
    () => 'Controlla la colonna e l’ordine di giorno, mese e anno.',
  ),
  STATEMENT_DATE_UNLIKELY: entry<{ day: string }>(
    ({ day }) => `Il movimento è del ${day}: una data che non può essere quella di un estratto conto.`,
    () => 'Controlla la colonna della data e l’ordine di giorno, mese e anno.',
  ),
  STATEMENT_DATE_AMBIGUOUS: entry<{ value: string }>(
    ({ value }) => `Dalle date non si capisce quale parte è il giorno e quale il mese (per esempio «${value}»).`,
    () => 'Indica tu l’ordine delle date.',
  ),
  STATEMENT_BALANCE_DIFFERS: entry<{ opening: string; sum: string; closing: string; difference: string }>(
    ({ opening, sum, closing, difference }) =>
      `I saldi non quadrano: iniziale ${opening} più movimenti ${sum} non fa il finale ${closing} (differenza ${difference}).`,
    () => 'Manca o avanza qualche movimento: scarica di nuovo il periodo intero.',
  ),
  STATEMENT_TOTAL_DIFFERS: entry<{ label: string; declared: string; found: string }>(
    ({ label, declared, found }) => `La riga «${label}» dichiara ${declared}, ma i movimenti danno ${found}.`,
    () => 'Manca o avanza qualche movimento: scarica di nuovo il periodo intero.',
  ),
  STATEMENT_COUNT_DIFFERS: entry<{ declared: number; found: number }>(
    ({ declared, found }) => `Il file dichiara ${declared} movimenti, ma se ne leggono ${found}.`,
    () => 'Scarica di nuovo il periodo intero.',
  ),
  STATEMENT_PENDING: entry<{ value: string }>(
    ({ value }) => `Movimento non ancora contabilizzato («${value}»): non viene importato.`,
    () => 'Arriverà con un estratto conto successivo.',
  ),
  MOVEMENT_NOT_FOUND: entry<{ id: number }>(
    ({ id }) => `Il movimento ${id} non è in questo archivio.`,
    () => 'Aggiorna la pagina e riprova.',
  ),
  MATCH_POSTED: entry<{ reversali: string }>(
    ({ reversali }) => `L’accredito è già in reversali emesse: ${reversali}.`,
    () => 'Annullale con un motivo, poi cambia l’abbinamento.',
  ),
  MATCH_IN_CLOSED: entry<{ reversali: string }>(
    ({ reversali }) =>
      `L’incasso è in reversali di un esercizio chiuso: ${reversali}. Così resterebbero senza sostegno.`,
    () =>
      'Riapri l’esercizio, se il rendiconto non è approvato, oppure correggi con un mandato e un nuovo accertamento.',
  ),
  MATCH_TARGET_GONE: entry<{ title: string }>(
    ({ title }) => `La controparte scelta (${title}) non si può abbinare: non c’è o non è in vigore.`,
    () => 'Cercane un’altra.',
  ),
  MATCH_EXCEEDS_CREDIT: entry<{ cents: string; available: string }>(
    ({ cents, available }) => `Gli importi scelti fanno ${cents}, l’accredito ne ha ${available}.`,
    () => 'Riduci gli importi: ognuno maggiore di zero, e la somma entro l’accredito.',
  ),
  MATCH_EXCEEDS_DEBT: entry<{ accertamento: string; cents: string; outstanding: string }>(
    ({ accertamento, cents, outstanding }) =>
      `L’accertamento ${accertamento} ha ${outstanding} da riscuotere, ne hai attribuiti ${cents}.`,
    () => 'Riduci l’importo; il resto dell’accredito si attribuisce ad altro.',
  ),
  DECISION_GONE: entry<{ id: number }>(
    ({ id }) => `La decisione ${id} non c’è, o è già stata disfatta.`,
    () => 'Aggiorna la pagina.',
  ),
} as const
