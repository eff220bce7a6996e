/** What a campaign proposes before the institution writes its own; the fields are those of `letter.ts`. */

export const STANDARD_SUBJECT = 'Avviso di pagamento: {causale}'

export const STANDARD_BODY = `{nome},

in allegato l’avviso di pagamento per «{causale}».

Importo: {importo} euro
Scadenza: {scadenza}
Numero avviso: {numeroAvviso}
Si può pagare {rate}.

Si paga su pagoPA: in banca, in posta, dal tabaccaio o con un’app, con il codice QR dell’avviso.

{ente}
`
