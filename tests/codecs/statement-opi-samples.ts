/** A row of the treasurer's journal; what is left out takes the value of an ordinary pagoPA credit. */
export interface OpiRow {
  readonly side?: 'ENTRATA' | 'USCITA'
  readonly document?: string
  readonly operation?: string
  readonly number?: number
  readonly amount: string
  readonly bolletta?: number
  readonly storno?: number
  readonly execution?: string
  readonly causale?: string
  readonly day?: string
  readonly client?: string
  readonly sospesi?: readonly { readonly number: number; readonly amount: string }[]
}

const SIGNATURE = `<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>
<ds:CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>
<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>
<ds:Reference URI=""><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>
<ds:DigestValue>AAAA</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue>AAAA</ds:SignatureValue></ds:Signature>`

/** An invented journal shaped as the schema of that version wants it, of one account. */
export function opiJournal(
  rows: readonly OpiRow[],
  how: {
    readonly version?: '1.4' | '1.6.1' | '1.7.1' | '1.8'
    readonly page?: number
    readonly pages?: number
    readonly opening?: string
    readonly entrate?: string
    readonly uscite?: string
    readonly closing?: string
  } = {},
): string {
  const old = how.version === '1.4'
  const [page, pages] = [how.page ?? 1, how.pages ?? 1]
  const identifier = `GDC-20260302ABCDEF0000000001#${String(page).padStart(3, '0')}#${String(pages).padStart(3, '0')}`
  const totals = (name: string, value: string | undefined) => (value ? `<${name}>${value}</${name}>` : '')
  return `<?xml version="1.0" encoding="UTF-8"?>
<flusso_giornale_di_cassa Id="GDC">
${SIGNATURE}
<testata_messaggio><codice_ABI_BT>01234</codice_ABI_BT><data_ora_creazione_flusso>2026-03-03T06:00:00</data_ora_creazione_flusso>
<codice_ente>UFABCD</codice_ente><descrizione_ente>Ordine di prova</descrizione_ente><codice_istat_ente>000123456</codice_istat_ente>
<codice_fiscale_ente>80087670016</codice_fiscale_ente><codice_tramite_ente>A2A-12345678</codice_tramite_ente>
<codice_tramite_BT>A2A-87654321</codice_tramite_BT><codice_ente_BT>000001</codice_ente_BT></testata_messaggio>
<identificativo_flusso_BT>${identifier}</identificativo_flusso_BT>
<pagina>${page}</pagina><pagine_totali>${pages}</pagine_totali>
<esercizio>2026</esercizio>
${
  old
    ? '<data_inizio_periodo_riferimento>2026-03-02</data_inizio_periodo_riferimento><data_fine_periodo_riferimento>2026-03-02</data_fine_periodo_riferimento>'
    : '<data_riferimento_GdC>2026-03-02</data_riferimento_GdC>'
}
<informazioni_conto_evidenza><conto_evidenza>0000001</conto_evidenza>
${rows.map((row, i) => movement(row, i, old)).join('\n')}
${totals('saldo_precedente_conto_evidenza', how.opening)}${totals('totale_entrate_conto_evidenza', how.entrate)}${totals('totale_uscite_conto_evidenza', how.uscite)}${totals('saldo_finale_conto_evidenza', how.closing)}
</informazioni_conto_evidenza>
${totals('saldo_complessivo_precedente', how.opening)}${totals('totale_complessivo_entrate', how.entrate)}${totals('totale_complessivo_uscite', how.uscite)}${totals('saldo_complessivo_finale', how.closing)}
</flusso_giornale_di_cassa>
`
}

function movement(row: OpiRow, index: number, old: boolean): string {
  const side = row.side ?? 'ENTRATA'
  const document = row.document ?? `SOSPESO ${side}`
  const sospesi = row.sospesi ?? []
  return `<movimento_conto_evidenza>
${old ? '' : `<identificativo_flusso>FLUSSO-1</identificativo_flusso><numero_movimento>${index + 1}</numero_movimento>`}
<tipo_movimento>${side}</tipo_movimento><tipo_documento>${document}</tipo_documento><tipo_operazione>${row.operation ?? 'ESEGUITO'}</tipo_operazione>
<numero_documento>${row.number ?? 0}</numero_documento><progressivo_documento>0</progressivo_documento><importo>${row.amount}</importo>
${row.bolletta === undefined ? '' : `<numero_bolletta_quietanza>${row.bolletta}</numero_bolletta_quietanza>`}
${row.storno === undefined ? '' : `<numero_bolletta_quietanza_storno>${row.storno}</numero_bolletta_quietanza_storno>`}
<data_movimento>${row.day ?? '2026-03-02'}</data_movimento>${old ? '' : '<data_movimento_siope>2026-03-02</data_movimento_siope>'}<data_valuta_ente>2026-03-03</data_valuta_ente>
<tipo_esecuzione>${row.execution ?? 'SEPA CREDIT TRANSFER'}</tipo_esecuzione><end_to_end_id>E2E-${index + 1}</end_to_end_id>
<assoggettamento_bollo>ESENTE BOLLO</assoggettamento_bollo>
<cliente><anagrafica_cliente>${row.client ?? 'PSP DI PROVA'}</anagrafica_cliente></cliente>
<causale>${row.causale ?? `/PUR/LGPE-RIVERSAMENTO/URI/2026-03-01ABCDITMM-000000${index + 1}`}</causale>
${
  old
    ? sospesi.map((s) => `<numero_sospeso>${s.number}</numero_sospeso>`).join('')
    : sospesi
        .map(
          (s) =>
            `<sospeso><numero_provvisorio>${s.number}</numero_provvisorio><importo_provvisorio>${s.amount}</importo_provvisorio></sospeso>`,
        )
        .join('')
}
</movimento_conto_evidenza>`
}
