/** A row of the taxonomy in the official form; the services are invented, the codes of the orders are theirs. */
export function taxonomyRow({
  type = '04',
  area = '01',
  service = '107',
  reason = 'TS',
  name = 'Quota inventata',
  version = '90',
  from = '01/01/1900',
  to = '01/01/2080',
}: Partial<Record<'type' | 'area' | 'service' | 'reason' | 'name' | 'version' | 'from' | 'to', string>> = {}) {
  return {
    'CODICE TIPO ENTE CREDITORE': type,
    'TIPO ENTE CREDITORE': type === '04' ? 'ORDINI DI PROVA' : 'ENTI DI PROVA',
    'Progressivo Macro Area per Ente Creditore': area,
    'NOME MACRO AREA': 'AREA DI PROVA',
    'DESCRIZIONE MACRO AREA': 'Area inventata, con una virgola; e un punto e virgola',
    'CODICE TIPOLOGIA SERVIZIO': service,
    'TIPO SERVIZIO': name,
    'Motivo Giuridico della riscossione': reason,
    'DESCRIZIONE TIPO SERVIZIO': `Servizio «${name}», inventato`,
    'VERSIONE TASSONOMIA': version,
    'DATI SPECIFICI DI INCASSO': `9/${type}${area}${service}${reason}/`,
    'DATA INIZIO VALIDITA': from,
    'DATA FINE VALIDITA': to,
  }
}

type Row = ReturnType<typeof taxonomyRow>

/** Services of the orders as they are named everywhere, but for those given. */
export function ordersTaxonomy(
  changed: Readonly<Record<string, Parameters<typeof taxonomyRow>[0] | null>> = {},
): Row[] {
  const services = '100TS 101TS 102TS 103TS 104TS 105TS 106TS 107TS 108AP 109SA 110TS 111TS'.split(' ')
  return services.flatMap((one) => {
    const [service, reason] = [one.slice(0, 3), one.slice(3)]
    const change = changed[service]
    return change === null ? [] : [taxonomyRow({ service, reason, name: `Servizio ${service}`, ...change })]
  })
}

export function taxonomyJson(rows: readonly Row[]): Buffer {
  return Buffer.from(JSON.stringify(rows, null, 2))
}

export function taxonomyCsv(rows: readonly Row[], separator = ','): Buffer {
  const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`
  const lines = [Object.keys(rows[0] ?? taxonomyRow()), ...rows.map((row) => Object.values(row))]
  return Buffer.from(`\ufeff${lines.map((cells) => cells.map(quoted).join(separator)).join('\r\n')}\r\n`)
}
