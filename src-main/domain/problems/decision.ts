import { entry } from './entry.ts'

/** What a person decides on the work table and cannot be. */
export const decisionProblems = {
  DECISION_REASON_MISSING: entry<{ act: string }>(
    ({ act }) => `Manca il motivo: «${act}» resta nella storia e senza motivo non si capirà.`,
    () => 'Scrivi almeno tre lettere.',
  ),
  PAID_OUTSIDE_PAYMENTS: entry(
    () => 'Le rate scelte non sono tutte da pagare, o stanno insieme con il pagamento unico.',
    () => 'Scegli il pagamento unico, oppure una o più rate ancora aperte.',
  ),
  DECISION_TWICE: entry<{ title: string }>(
    ({ title }) => `${title} è in due decisioni insieme.`,
    () => 'Decidila una volta sola.',
  ),
  DECISION_NOT_AGAIN: entry<{ id: number }>(
    ({ id }) => `La decisione ${id} ha mosso la cassa o un accertamento: disfatta, non si ripete com’era.`,
    () => 'Prendila di nuovo dalla tabella.',
  ),
  MATCH_IUV_WHOLE: entry<{ iuv: string; cents: string; expected: string }>(
    ({ iuv, cents, expected }) => `Il pagamento ${iuv} vale ${expected}: non se ne può abbinare una parte (${cents}).`,
    () => 'Abbinalo intero, oppure attribuisci la parte al suo accertamento.',
  ),
  MATCH_EXCEEDS_FLOW: entry<{ flowId: string; cents: string; total: string }>(
    ({ flowId, cents, total }) => `Il flusso ${flowId} vale ${total}, ne hai abbinati ${cents}.`,
    () => 'Riduci l’importo; il resto dell’accredito si attribuisce ad altro.',
  ),
  INTERNAL_DIFFERS: entry<{ credit: string; debit: string }>(
    ({ credit, debit }) => `Il giroconto non torna: accreditati ${credit}, addebitati ${debit}.`,
    () => 'Servono un accredito e un addebito dello stesso importo, su due conti diversi.',
  ),
  INTERNAL_TAKEN: entry<{ cents: string }>(
    ({ cents }) => `L’addebito di ${cents} è già il giroconto di un altro accredito.`,
    () => 'Disfa prima l’altro, oppure scegline uno diverso.',
  ),
  STORNO_WRONG: entry<{ debit: string; credit: string }>(
    ({ debit, credit }) => `L’addebito del ${debit} non può stornare l’accredito del ${credit}.`,
    () => 'Servono un addebito e un accredito dello stesso conto, non successivo all’addebito.',
  ),
  STORNO_INTERNAL: entry<{ credit: string }>(
    ({ credit }) => `L’accredito del ${credit} è un giroconto tra conti dell’ente: nessun addebito lo storna.`,
    () => 'Se non è un giroconto riaprilo, poi indica lo storno.',
  ),
  FLOW_VERSION_GONE: entry<{ flowId: string }>(
    ({ flowId }) => `La versione del flusso ${flowId} che hai visto non è tra quelle di adesso.`,
    () => 'Aggiorna la pagina e guarda la versione nuova.',
  ),
  FLOW_ROW_GONE: entry<{ flowId: string }>(
    ({ flowId }) => `Il pagamento non è nella versione in vigore del flusso ${flowId}.`,
    () => 'Aggiorna la pagina e guarda la versione nuova.',
  ),
  FLOW_ROW_NOT_REVOCATION: entry<{ flowId: string }>(
    ({ flowId }) => `Il pagamento scelto nel flusso ${flowId} non è una revoca (esito 3).`,
    () => 'Scegli tra le revoche del flusso.',
  ),
  FLOW_ROW_REVOCATION: entry<{ flowId: string; iuv: string }>(
    ({ flowId, iuv }) => `La riga ${iuv} del flusso ${flowId} è una revoca (esito 3): toglie soldi, non ne porta.`,
    () => 'Confermala tra le revoche del flusso.',
  ),
  REVOCATION_CONFIRMED: entry<{ flowId: string }>(
    ({ flowId }) => `La revoca nel flusso ${flowId} è già confermata.`,
    () => 'Aggiorna la pagina.',
  ),
  ROW_EXCEEDS: entry<{ cents: string; row: string }>(
    ({ cents, row }) => `Il pagamento vale ${row}, ne hai attribuiti ${cents}.`,
    () => 'Riduci gli importi: ognuno maggiore di zero, e la somma entro il pagamento.',
  ),
  DECISION_STANDS: entry<{ title: string }>(
    ({ title }) => `${title} ha già una decisione: farne un’altra insieme attribuirebbe due volte gli stessi soldi.`,
    () => 'Riaprilo prima (U), poi decidi di nuovo.',
  ),
  DECISION_OF_ANOTHER: entry<{ title: string; who: string; when: string }>(
    ({ title, who, when }) => `${title}: ${who} ha già deciso il ${when}, e questa pagina non lo mostrava.`,
    () => 'Guarda adesso che cosa ha deciso; se non va bene, riaprilo (U) o decidi di nuovo.',
  ),
  ROW_NOT_WHOLE: entry<{ cents: string; row: string; left: string }>(
    ({ cents, row, left }) => `Il pagamento vale ${row} e ne hai attribuiti ${cents}: restano ${left} senza nessuno.`,
    () => 'Attribuisci anche il resto: a un altro debito, o alle somme da restituire.',
  ),
  UNIDENTIFIED_CAPITOLO_MISSING: entry(
    () => 'Manca il capitolo delle entrate da identificare.',
    () => 'Sceglilo in Impostazioni, Regole dei libri.',
  ),
  ASIDE_NOT_ASKED: entry<{ title: string }>(
    ({ title }) => `${title} non si mette da parte così.`,
    () => 'Un accredito si esclude con il motivo; una reversale si tiene o si annulla.',
  ),
  BOOK_CAPITOLO_GONE: entry(
    () => 'Il capitolo scelto non c’è più.',
    () => 'Aggiorna la pagina e scegline un altro.',
  ),
  EXCESS_CAPITOLO_MISSING: entry(
    () => 'Manca il capitolo delle somme da restituire.',
    () => 'Sceglilo in Impostazioni, Regole dei libri, oppure aggiungi una partita di giro «Somme da restituire».',
  ),
  PAID_OUTSIDE_POSITION: entry<{ id: number }>(
    ({ id }) => `La posizione ${id} non c’è o è annullata.`,
    () => 'Aggiorna la pagina e scegline un’altra.',
  ),
  PAID_OUTSIDE_CASH: entry(
    () => 'Un incasso in contanti vuole il conto di cassa e l’importo ricevuto.',
    () => 'Scegli un conto di tipo cassa e scrivi l’importo, maggiore di zero.',
  ),
  PAID_OUTSIDE_DATE: entry<{ date: string }>(
    ({ date }) => `Il giorno dell’incasso (${date}) è nel futuro.`,
    () => 'Scrivi il giorno in cui è stato pagato.',
  ),
  PAID_OUTSIDE_EXERCISE: entry<{ date: string; open: string }>(
    ({ date, open }) => `Il giorno dell’incasso (${date}) non è in un esercizio aperto (${open}).`,
    () => 'Scrivi il giorno in cui i contanti sono entrati in cassa.',
  ),
  PAID_OUTSIDE_PAID: entry<{ title: string }>(
    ({ title }) => `${title} è già pagata: nessuno dei suoi debiti aspetta altri soldi.`,
    () => 'Se i contanti sono arrivati davvero, sono da restituire.',
  ),
  SUBJECT_GONE: entry<{ title: string }>(
    ({ title }) => `${title} non è in questo archivio.`,
    () => 'Aggiorna la pagina.',
  ),
  RULE_GONE: entry<{ id: number }>(
    ({ id }) => `La regola ${id} non c’è, o è già stata decisa.`,
    () => 'Aggiorna la pagina.',
  ),
} as const
