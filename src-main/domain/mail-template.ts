/** What a campaign proposes before the institution writes its own; the fields are those of `letter.ts`. */

export const STANDARD_SUBJECT = 'Avviso di pagamento: {causale}'

export const STANDARD_BODY = `{nome},

{avviso} per «{causale}».

Importo: {importo} euro
Scadenza: {scadenza}
Numero avviso: {numeroAvviso}
Si può pagare {rate}.

Si paga su pagoPA {comePagare}.

{ente}
`

export const REMINDER_SUBJECT = 'Promemoria di pagamento: {causale}'

/**
 * Before and after the due date: a line whose only field is empty is left out, so that each person reads the days that
 * are left or the delay, and who paid a part what remains.
 */
export const REMINDER_BODY = `{nome},

ricordiamo il pagamento per «{causale}».
La scadenza è {giorniAllaScadenza}.
La scadenza è passata {giorniDiRitardo}: si può ancora pagare con lo stesso avviso.

Importo: {importo} euro
Resta da pagare: {importoResiduo} euro
Rate ancora aperte: {rateDaPagare}
Scadenza: {scadenza}
Numero avviso: {numeroAvviso}

Si paga su pagoPA {comePagare}.
Se il pagamento è di questi giorni, questo messaggio non va considerato.

{ente}
`
