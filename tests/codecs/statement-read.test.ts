import { describe, expect, it } from 'vitest'
import { inspectFile } from '#codecs/inspect'
import { readStatement, readStatementHead } from '#codecs/statement-read'
import type { StatementMapping } from '#domain/bank-statement'
import { workbookFromJson } from '../gallery/workbook-from-json.ts'
import { rhFlow } from './statement-rh-samples.ts'

const MAPPING: StatementMapping = {
  encoding: 'utf-8',
  separator: ';',
  headerRow: null,
  bookingDateColumn: 0,
  valueDateColumn: null,
  amount: { kind: 'signed', column: 1 },
  descriptionColumns: [2],
  referenceColumn: null,
  dateFormat: 'dmy',
  decimalMark: ',',
}

const KINDS: Readonly<Record<string, string>> = {
  'cbi-rh': rhFlow([
    { day: '050326', opening: 0, movements: [{ cents: 100, value: '050326', text: 'UNO; DUE, 03/03/2026' }] },
  ]).join('\n'),
  mt940:
    ':20:A\n:25:IT60X0542811101000000123456\n:28C:1\n:60F:C260304EUR0,00\n:61:260305C1,00NTRFX\n:86:UNO; DUE, 03/03/2026\n:62F:C260305EUR1,00\n',
}

describe('the door of bank statements', () => {
  it.each(Object.entries(KINDS))(
    '%s is known by its content, whatever columns a person once chose',
    async (profile, text) => {
      const bytes = Buffer.from(text)
      const head = await readStatementHead(bytes)
      expect(head).toEqual({
        ok: true,
        value: { encoding: 'utf-8', separator: ';', rows: [], profile, proposal: null },
      })
      for (const reading of [await readStatement(bytes), await readStatement(bytes, MAPPING)]) {
        expect(reading).toMatchObject({ profile, problems: [], movements: [{ amountCents: 100 }] })
      }
      expect(await inspectFile('x', bytes)).toMatchObject({ kind: 'bankStatement', profile })
    },
  )

  it('knows documents by their root, past declarations and prefixes', async () => {
    const documents = {
      camt053:
        '<?xml version="1.0"?>\n<d:Document xmlns:d="urn:x"><d:BkToCstmrStmt><d:GrpHdr/></d:BkToCstmrStmt></d:Document>',
      opi: '<?xml version="1.0"?><flusso_giornale_di_cassa></flusso_giornale_di_cassa>',
    }
    for (const [name, text] of Object.entries(documents)) {
      const head = await readStatementHead(Buffer.from(text))
      if (!head.ok) throw new Error(head.error.code)
      expect(head.value.profile).toContain(name)
      expect((await inspectFile('x.xml', Buffer.from(text))).kind).toBe('bankStatement')
    }
  })

  it('finds the list in a workbook that opens on a cover', async () => {
    const cover = { name: 'Copertina', rows: [['Banca di prova'], ['Periodo', 'marzo']] }
    const known = [
      ['Data', 'Valuta', 'Causale', 'Descrizione', 'Importo', 'Divisa'],
      ['13/03/2026', '13/03/2026', '48', 'A', '-1,00', 'EUR'],
    ]
    const unknown = [
      ['Giorno', 'Quanto', 'Che cosa'],
      ['13/03/2026', '-1,00', 'A'],
    ]
    for (const [rows, profile] of [
      [known, 'popolare-sondrio'],
      [unknown, 'proposta'],
    ] as const) {
      const bytes = await workbookFromJson({ sheets: [cover, { name: 'Lista', rows }] })
      expect(await readStatement(bytes)).toMatchObject({ profile, movements: [{ amountCents: -100 }] })
      const head = await readStatementHead(bytes)
      expect(head.ok && head.value.rows[0]).toEqual(rows[0])
    }
  })

  it('takes a table of two hundred thousand rows of no known bank', { timeout: 60_000 }, async () => {
    const rows = Array.from({ length: 200_000 }, (_, i) => `${13 + (i % 10)}/03/2026;${i % 2 ? '-' : ''}1,00;riga ${i}`)
    const { movements, problems } = await readStatement(Buffer.from(`Giorno;Importo;Testo\n${rows.join('\n')}`))
    expect(movements).toHaveLength(200_000)
    expect(problems.map((p) => p.code)).toEqual(['STATEMENT_LAYOUT_UNKNOWN'])
  })
})
