import { describe, expect, it } from 'vitest'
import type { PostalAddress } from '#domain/address-lines'
import { isoDate } from '#domain/date'
import { isMailable, postalLabel, postalLine } from '#domain/postal-address'
import { fitsProvince, isGenericPostalCode, isProvince } from '#domain/postal-code'
import { postWarnings } from '#domain/posting-time'
import { PROVINCES } from '../../src-main/codecs/places.ts'

const address = (more: Partial<PostalAddress> = {}): PostalAddress => ({
  ...{ street: 'Via dei Larici', civicNumber: '12', postalCode: '32100', city: 'Belluno', province: 'BL' },
  ...{ country: 'IT', value: 'Via dei Larici 12, 32100 Belluno (BL)' },
  ...more,
})
const label = (more: Partial<PostalAddress> = {}, name = 'D’Albarosa Ginevra') => postalLabel(name, address(more))
const doubts = (more: Partial<PostalAddress>, name?: string) => label(more, name).doubts.map((doubt) => doubt.text)

describe('an address on the rows of the post', () => {
  it('stands on three rows in capitals, with CAP, town and province on the last', () => {
    expect(label().lines).toEqual(["D'ALBAROSA GINEVRA", 'VIA DEI LARICI 12', '32100 BELLUNO BL'])
    expect(label().doubts).toEqual([])
    expect(postalLine(label())).toBe("D'ALBAROSA GINEVRA, VIA DEI LARICI 12, 32100 BELLUNO BL")
  })

  it('puts «presso» and the building on rows of their own, in the order of the post', () => {
    const whole = label({ street: 'c/o Studio Velarosa, Via Roma', civicNumber: '3/A, scala B int. 4' })
    expect(whole.lines).toEqual([
      "D'ALBAROSA GINEVRA",
      'PRESSO STUDIO VELAROSA',
      'SCALA B INT. 4',
      'VIA ROMA 3/A',
      '32100 BELLUNO BL',
    ])
    expect(label({ street: 'Via Roma 3 c/o Farmacia Nova', civicNumber: null }).lines).toContain('PRESSO FARMACIA NOVA')
    expect(label({ street: 'Via Roma 3, palazzina C', civicNumber: null })).toMatchObject({
      building: 'PALAZZINA C',
      street: 'VIA ROMA 3',
    })
    expect(label({ street: 'Via Roma, scala B', civicNumber: '5' })).toMatchObject({
      building: 'SCALA B',
      street: 'VIA ROMA 5',
    })
  })

  it('leaves alone what only looks like it', () => {
    expect(label({ street: 'Via della Scala' }).street).toBe('VIA DELLA SCALA 12')
    expect(label({ street: 'Via Presso il Ponte' }).street).toBe('VIA PRESSO IL PONTE 12')
    expect(label({ street: 'Piazza Torre Civica' }).street).toBe('PIAZZA TORRE CIVICA 12')
    expect(label({ street: 'Via XX Settembre 20 Palazzo' }).building).toBe('')
  })

  it('writes a foreign address with the state in Italian capitals and no province', () => {
    const abroad = { street: 'Kirchgasse', civicNumber: '7', postalCode: '8001', city: 'Zürich', province: '' }
    expect(label({ ...abroad, country: 'CH' })).toMatchObject({
      lines: ["D'ALBAROSA GINEVRA", 'KIRCHGASSE 7', '8001 ZÜRICH', 'SVIZZERA'],
      country: 'SVIZZERA',
      doubts: [],
    })
    expect(label({ ...abroad, country: 'ZQ' }).doubts).toEqual([
      { text: 'Lo stato «ZQ» non è conosciuto.', blocks: true },
    ])
  })

  it('shortens a long row by known abbreviations, as little as it can, and never the number', () => {
    const long = label({ street: 'Piazza del Generale Ottone Valdormida di Roccasparta', civicNumber: '118/bis' })
    expect(long.doubts).toEqual([expect.objectContaining({ blocks: true })])
    const near = label({ street: 'Piazzale della Repubblica Partigiana Bellunese', civicNumber: '118' })
    expect(near.street).toBe('PIAZZALE DELLA REPUBBLICA PARTIGIANA BELLUNESE 118')
    expect(isMailable(near)).toBe(false)
    const fits = label({ street: 'Piazzale della Repubblica Partigiana Bellun', civicNumber: '118' })
    expect(fits.street).toBe('P.LE DELLA REPUBBLICA PARTIGIANA BELLUN 118')
    expect(isMailable(fits)).toBe(true)
    const company = label({}, 'San Zenobio dei Fossi Società tra Professionisti a responsabilità limitata')
    expect(company.recipient).toBe('SAN ZENOBIO DEI FOSSI STP ARL')
    expect(company.lines.every((row) => [...row].length <= 44)).toBe(true)
  })

  it('says what does not fit, whole, and keeps it out of the batch', () => {
    const name = 'Farmacia delle Acque Chiare e dei Colli Lontani di Sotto'
    const one = label({}, name)
    expect(one.recipient).toBe(name.toUpperCase())
    expect(one.doubts[0]?.text).toBe(
      `Il nome è di ${name.length} caratteri, ne stanno 44: «${name.toUpperCase()}». Abbrevia tu.`,
    )
    expect(isMailable(one)).toBe(false)
  })

  it.each([
    [{ postalCode: '' }, 'Manca il CAP.', true],
    [{ postalCode: '3210' }, 'Il CAP «3210» non ha cinque cifre.', true],
    [{ postalCode: '09124' }, 'Il CAP 09124 non è della provincia BL: controlla l’uno e l’altra.', false],
    [{ province: 'XX' }, 'La provincia «XX» non esiste.', false],
    [{ province: null }, 'Manca la provincia.', false],
    [{ city: ' ' }, 'Manca il comune.', true],
    [{ civicNumber: null }, 'Manca il numero civico (o SNC).', false],
    [
      { postalCode: '20100', city: 'Milano', province: 'MI' },
      'Il CAP 20100 è quello generico della città: Poste vuole quello della via.',
      false,
    ],
  ] as const)('%j: %s', (more, text, blocks) => {
    expect(label(more).doubts).toEqual([{ text, blocks }])
  })

  it('refuses an address that is only a line, and nobody’s', () => {
    expect(isMailable(label({ street: null }))).toBe(false)
    expect(doubts({ street: null })[0]).toContain('su una riga sola')
    expect(postalLabel('Zita', null).doubts).toEqual([{ text: 'Non c’è nessun indirizzo.', blocks: true }])
  })

  it('never lets a line break or an invisible sign through, and says so', () => {
    const one = label({ city: 'Belluno\r\nBcc: altri@example.it\u202E' }, 'Ginevra\nD’Albarosa\u200B')
    expect(one.lines.join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    expect(one.recipient).toBe("GINEVRA D'ALBAROSA")
    expect(doubts({ city: 'Bel\u200Bluno' })).toEqual(['C’erano segni invisibili o a capo: non vengono stampati.'])
    expect(doubts({}, 'Иван Петров')[0]).toContain('non è una lettera del nostro alfabeto')
  })
})

describe('CAP and province', () => {
  it('knows every province that the register takes', () => {
    expect([...PROVINCES].filter((code) => !isProvince(code))).toEqual([])
  })

  it('fits real towns, the borrowed codes too', () => {
    for (const [cap, province] of [
      ...[
        ['00187', 'RM'],
        ['20121', 'MI'],
        ['47521', 'FC'],
        ['47122', 'FC'],
        ['18025', 'CN'],
        ['63900', 'FM'],
      ],
      ...[
        ['07026', 'OT'],
        ['09016', 'SU'],
        ['34170', 'GO'],
        ['98168', 'ME'],
        ['76121', 'BT'],
        ['23900', 'LC'],
      ],
    ] as [string, string][]) {
      expect([cap, province, fitsProvince(cap, province)]).toEqual([cap, province, true])
    }
    expect(fitsProvince('00187', 'MI')).toBe(false)
    expect(fitsProvince('12345', 'ZZ')).toBe(false)
    expect([isGenericPostalCode('00100'), isGenericPostalCode('00187')]).toEqual([true, false])
  })
})

describe('what to read before a batch', () => {
  const today = isoDate('2026-03-01')
  const piece = (due: string | null, more: Partial<PostalAddress> = {}) => ({
    label: label(more),
    dueDate: due === null ? null : isoDate(due),
  })

  it('warns below twenty-five days, not at twenty-five', () => {
    expect(postWarnings([piece('2026-03-26')], today)).toEqual([])
    expect(postWarnings([piece('2026-03-25'), piece('2026-03-11'), piece(null)], today)).toEqual([
      '2 avvisi scadono fra meno di 25 giorni (la prima fra 10 giorni): per posta si rischia di arrivare tardi.',
    ])
    expect(postWarnings([piece('2026-02-28')], today)).toEqual(['Un avviso è già scaduto.'])
  })

  it('counts doubtful addresses that leave and those that go abroad', () => {
    const abroad = { country: 'FR', province: null, postalCode: '75012', city: 'Paris' }
    expect(postWarnings([piece(null, { province: 'XX' }), piece(null, abroad)], today)).toEqual([
      'Un indirizzo ha qualcosa che Poste può rifiutare: guarda «Indirizzi da controllare» prima di confermare.',
      'Una lettera va all’estero, dove la posta costa di più.',
    ])
  })
})
