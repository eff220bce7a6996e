import { describe, expect, it } from 'vitest'
import { type IsoDate, isoDate } from '#domain/date'
import {
  birthOf,
  type FiscalCode,
  isOmocodic,
  personCheckLetter,
  readFiscalCode,
  withoutOmocodia,
} from '#domain/fiscal-code'
import { fitsName } from '#domain/fiscal-code-name'
import { inventPeople } from '#domain/invented-people'
import { isCertifiedMail, isOrdinaryMail } from '#domain/mail-provider'
import { type Cents, cents } from '#domain/money'
import { problemText } from '#domain/problem'
import { dueDoubts, personDoubts } from '#domain/register-doubts'
import type { RegisterRow } from '#domain/register-row'

const code = (first15: string) => `${first15}${personCheckLetter(first15)}` as FiscalCode
const MARIO = 'RSSMRA85T10A562S' as FiscalCode

const row = (more: Partial<RegisterRow> = {}): RegisterRow => ({
  ...{ row: 2, sheet: 'Quote', fiscalCode: MARIO, vatNumber: null, name: 'Rossi Mario', category: 'professionista' },
  ...{ alboNumber: null, address: null, email: null, pec: null, phone: null, iban: null, albo: null, section: null },
  ...{ enrolmentDate: null, service: 'Quota annuale', competenceYear: 2026, causale: 'Quota 2026' },
  ...{ amountCents: cents(21_500), dueDate: isoDate('2026-03-31'), capitolo: null, externalReference: null },
  ...more,
})
const about = { today: isoDate('2026-02-02'), current: 2026, usual: cents(21_500) as Cents | null }
const said = (more: Partial<RegisterRow>) => personDoubts(row(more)).map((d) => problemText(d.problem))
const saidOfDue = (more: Partial<RegisterRow>) => dueDoubts(row(more), about).map((d) => problemText(d.problem))

describe('fiscal codes', () => {
  it('with letters of omocodia are right, and lead to the code they came from', () => {
    for (const omocodic of ['RSSMRA85T10A56NH', 'RSSMRA85T10A5SNT', 'RSSMRA8RT1LARSND']) {
      expect(readFiscalCode(omocodic)).toMatchObject({ state: 'ok', kind: 'F' })
      expect(isOmocodic(omocodic as FiscalCode)).toBe(true)
      expect(withoutOmocodia(omocodic as FiscalCode)).toBe('RSSMRA85T10A562')
      expect(birthOf(omocodic as FiscalCode)).toEqual({ sex: 'M', day: 10, month: 12, year: 85 })
      expect(said({ fiscalCode: omocodic as FiscalCode })).toEqual([])
    }
    expect(isOmocodic(MARIO)).toBe(false)
  })

  it('with a wrong check letter are suspicious, with letters out of place wrong', () => {
    expect(readFiscalCode('RSSMRA85T10A562X')).toMatchObject({ state: 'suspicious', expected: 'S' })
    expect(readFiscalCode('RSSMRA85T1OA562S')).toMatchObject({ state: 'wrong', reason: 'structure' })
    expect(readFiscalCode('00743110157')).toMatchObject({ state: 'ok', kind: 'G' })
    expect(readFiscalCode('00743110158')).toMatchObject({ state: 'suspicious', expected: '7' })
  })

  it('say sex and day of birth, or that the day cannot be', () => {
    expect(birthOf(code('RSSMRA85T50A562'))).toEqual({ sex: 'F', day: 10, month: 12, year: 85 })
    expect(birthOf(code('RSSMRA00B29A562'))).toMatchObject({ day: 29, month: 2 })
    for (const wrong of [
      'RSSMRA85B30A562',
      'RSSMRA85B29A562',
      'RSSMRA85T00A562',
      'RSSMRA85T35A562',
      'RSSMRA85D31A562',
      'RSSMRA85T72A562',
    ]) {
      expect(birthOf(code(wrong))).toBeNull()
      expect(said({ fiscalCode: code(wrong) })).toEqual([
        `Nel codice fiscale «${code(wrong)}» la data di nascita non esiste. Confrontalo con la tessera sanitaria.`,
      ])
    }
  })

  it.each([
    ['RSSMRA85T10A562S', 'Rossi Mario', true],
    ['RSSMRA85T10A562S', 'Mario Rossi', true],
    ['RSSMRA85T10A562S', 'ROSSI MARIO', true],
    ['RSSMRA85T10A562S', 'Dott. Mario Rossi', true],
    ['RSSMRA85T10A562S', 'Rossi Bianchi Mario', true],
    ['RSSMRA85T10A562S', 'Rossi Giulia', false],
    ['RSSMRA85T10A562S', 'Verdi Mario', false],
    ['RSSMRA85T10A562S', 'Rossi 12', null],
    ['RSSMRA85T10A562S', 'Rossi', null],
    ['RSSMRA85T10A562S', 'Россия Марио', null],
    ['00743110157', 'Studio Esempio', null],
    [code('DLBZTI80A01H501'), 'D’Albarosa Zita', true],
    [code('FOXXUO80A01H501'), 'Fo Uò', false],
    [code('FOXUOX80A01H501'), 'Fo Uò', true],
    [code('GNVGRL80A01H501'), 'Genova Gabriella', true],
    [code('LCSMRA80A01H501'), 'Lo Cascetto Maria', true],
    [code('MLLJGN80A01H501'), 'Müller Jürgen', true],
  ] as const)('%s and «%s»: %s', (fiscalCode, name, fits) => {
    expect(fitsName(fiscalCode as FiscalCode, name)).toBe(fits)
  })

  it('of the invented people all fit their names', () => {
    let state = 1
    const next = () => {
      state = (state * 48271) % 2147483647
      return state / 2147483647
    }
    for (const one of inventPeople(300, next)) {
      if (one.kind === 'F') expect([one.name, fitsName(one.fiscalCode, one.name)]).toEqual([one.name, true])
    }
  })

  it('of another name are told', () => {
    expect(said({ name: 'Verdi Giuseppe' })).toEqual([
      'Il codice fiscale «RSSMRA85T10A562S» non corrisponde al nome «Verdi Giuseppe». Verifica che siano della stessa persona.',
    ])
  })
})

describe('contacts', () => {
  const address = {
    street: 'Via Roma',
    civicNumber: '1',
    postalCode: '09124',
    city: 'Cagliari',
    province: 'CA',
    country: 'IT',
  }

  it('CAP and province that disagree are told, foreign ones are not looked at', () => {
    expect(said({ address })).toEqual([])
    expect(said({ address: { ...address, province: 'MI' } })).toEqual([
      'Il CAP 09124 non è della provincia MI. Controlla l’uno e l’altra.',
    ])
    expect(said({ address: { ...address, postalCode: '75001', province: null, country: 'FR' } })).toEqual([])
  })

  it('a PEC that is an ordinary box, an e-mail that is a PEC', () => {
    expect(said({ pec: 'mario.rossi@gmail.com' })).toEqual([
      '«mario.rossi@gmail.com» è una casella di posta ordinaria, non una PEC. Spostala nella colonna delle e-mail: quello che parte come PEC non arriverebbe.',
    ])
    expect(said({ email: 'mario.rossi@pec.ordine.example' })).toEqual([
      '«mario.rossi@pec.ordine.example» è una PEC, ma sta tra gli indirizzi e-mail. Spostala nella colonna delle PEC: molte caselle PEC rifiutano la posta ordinaria.',
    ])
    for (const box of ['a@Libero.it', 'a@hotmail.com'])
      expect([isOrdinaryMail(box), isCertifiedMail(box)]).toEqual([true, false])
    for (const box of ['a@legalmail.it', 'a@pec.it', 'a@PEC.example.it']) {
      expect([isOrdinaryMail(box), isCertifiedMail(box)]).toEqual([false, true])
    }
    for (const box of ['a@example.it', 'a@speciale.it']) {
      expect([isOrdinaryMail(box), isCertifiedMail(box)]).toEqual([false, false])
    }
  })

  it('telephones', () => {
    for (const phone of ['070 123456', '+39 070 123456', '(070) 12-34.56', '0039070123456']) {
      expect(said({ phone })).toEqual([])
    }
    for (const phone of ['123', 'ufficio', '070 123456 int. 5', '1234567890123456']) {
      expect(said({ phone })).toEqual([
        `«${phone}» non sembra un numero di telefono. Scrivilo in cifre, con il prefisso: 070 123456 oppure +39 070 123456.`,
      ])
    }
  })
})

describe('quotas', () => {
  it('unlikely amounts, dates gone by, years far away', () => {
    expect(saidOfDue({})).toEqual([])
    expect(saidOfDue({ amountCents: cents(2_150_000) })).toEqual([])
    expect(saidOfDue({ amountCents: cents(2_150_001) })).toEqual([
      'L’importo 21.500,01 è più di cento volte quello di «Quota annuale» (215,00). Controlla la virgola.',
    ])
    expect(dueDoubts(row({ amountCents: cents(9_000_000) }), { ...about, usual: null })).toEqual([])
    expect(saidOfDue({ dueDate: '2026-02-01' as IsoDate })).toEqual([
      'La scadenza 01/02/2026 è già passata. La quota nascerà scaduta: se non è così, correggi la data.',
    ])
    expect(saidOfDue({ dueDate: '2026-02-02' as IsoDate })).toEqual([])
    expect(saidOfDue({ competenceYear: 2021 })).toEqual([])
    expect(saidOfDue({ competenceYear: 2020 })).toEqual([
      'L’anno di competenza 2020 è lontano dall’esercizio 2026. Verificalo: oltre i cinque anni la quota può essere prescritta.',
    ])
  })

  it('a doubt never keeps a row out', () => {
    const all = [
      ...personDoubts(row({ name: 'Verdi Giuseppe', pec: 'a@gmail.com', phone: 'x' })),
      ...dueDoubts(row({ dueDate: '2020-01-01' as IsoDate }), about),
    ]
    expect(all.map((d) => d.problem.severity)).toEqual(['warning', 'warning', 'warning', 'warning'])
  })
})
