import { describe, expect, it } from 'vitest'
import { readMail } from '#codecs/mail-read'
import { readDaticert, readPecReceipt } from '#codecs/pec-receipt'
import { AT, letter, NOTICE, OURS, receipt } from './mail-samples.ts'

async function read(bytes: Uint8Array) {
  const mail = readMail(bytes)
  if (!mail.ok) throw new Error(mail.error)
  return readPecReceipt(mail.value)
}

describe('a PEC receipt', () => {
  it('of consegna says who, what, when, and which message', async () => {
    expect(await read(receipt())).toEqual({
      kind: 'consegna',
      messageId: OURS,
      identifier: 'opec000001.20260312084105@gestore.example',
      at: AT,
      sender: 'ordine@ordine.pec.example',
      recipients: [{ address: 'ada.prova@pec.example', certified: true }],
      recipient: 'ada.prova@pec.example',
      provider: 'Gestore di prova',
      form: 'completa',
      error: 'nessuno',
      errorText: null,
      from: 'posta-certificata@gestore.example',
      signed: true,
      doubts: [],
    })
  })

  it.each(['completa', 'breve', 'sintetica'] as const)('of consegna %s is recognised', async (form) => {
    expect(await read(receipt({ form }))).toMatchObject({ kind: 'consegna', form, doubts: [] })
  })

  it.each([
    ['accettazione', 'accettazione'],
    ['non-accettazione', 'nonAccettazione'],
    ['errore-consegna', 'mancata'],
    ['preavviso-errore-consegna', 'preavviso'],
  ] as const)('«%s» is %s, with the provider’s own words', async (tipo, kind) => {
    const read1 = await read(receipt({ tipo, error: 'no-dest', detail: '5.1.1 - casella & dominio <ignoti>' }))
    expect(read1).toMatchObject({ kind, error: 'no-dest', errorText: '5.1.1 - casella & dominio <ignoti>', doubts: [] })
  })

  it('stopped for a virus says so from its headers alone', async () => {
    expect(await read(receipt({ tipo: 'non-accettazione', error: 'virus' }))).toMatchObject({ error: 'virus' })
  })

  it('reads summer time, winter time and no zone at all as the same moment', async () => {
    const dati = (zone: string, hour: string) =>
      readDaticert(
        Buffer.from(
          `<postacert tipo="accettazione"><dati><data${zone}><giorno>12/07/2026</giorno><ora>${hour}</ora></data></dati></postacert>`,
        ),
      )
    for (const [zone, hour] of [
      [' zona="+0200"', '10:00:00'],
      [' zona="+0000"', '08:00:00'],
      ['', '10:00:00'],
    ] as const) {
      expect((await dati(zone, hour))?.at).toBe('2026-07-12T08:00:00.000Z')
    }
    expect((await dati('', '25:00:00'))?.at).toBeNull()
  })

  it('that comes in other capitals and folded lines is read the same', async () => {
    const text = receipt().toString('latin1')
    const folded = text
      .replace('X-Ricevuta: avvenuta-consegna', 'x-ricevuta:\r\n\tAvvenuta-Consegna')
      .replace('X-TipoRicevuta', 'X-Tiporicevuta')
    expect(await read(Buffer.from(folded, 'latin1'))).toMatchObject({ kind: 'consegna', doubts: [] })
    expect(await read(Buffer.from(text.replace(/\r\n/g, '\n'), 'latin1'))).toMatchObject({
      kind: 'consegna',
      doubts: [],
    })
  })

  it('is nothing in an ordinary letter, a PEC of someone else, or an anomaly', async () => {
    expect(await read(NOTICE)).toBeNull()
    const wrap = (line: string) => letter([line, 'From: Per conto di x <posta-certificata@g.example>'], 'testo')
    expect(await read(wrap('X-Trasporto: posta-certificata'))).toMatchObject({ kind: 'messaggio' })
    expect(await read(wrap('X-Trasporto: errore'))).toMatchObject({ kind: 'anomalia' })
    expect(await read(wrap('X-Ricevuta: presa-in-carico'))).toMatchObject({ kind: 'presaInCarico' })
    expect(await read(wrap('X-Ricevuta: qualcosa-di-nuovo'))).toBeNull()
  })
})

describe('what is forged', () => {
  const changed = (from: string | RegExp, to: string) =>
    Buffer.from(receipt().toString('latin1').replace(from, to), 'latin1')

  it('a receipt inside somebody’s message is that message', async () => {
    const envelope = letter(
      [
        'X-Trasporto: posta-certificata',
        'X-Ricevuta: avvenuta-consegna',
        `X-Riferimento-Message-ID: ${OURS}`,
        'Content-Type: multipart/mixed; boundary=b',
      ],
      `--b\nContent-Type: message/rfc822\n\n${receipt().toString('latin1')}\n--b--\n`,
    )
    expect((await read(envelope))?.kind).toBe('messaggio')
  })

  it('daticert.xml is not looked for inside the message that is sent back', async () => {
    const inner = receipt().toString('latin1')
    const outer = letter(
      [
        'X-Ricevuta: avvenuta-consegna',
        `X-Riferimento-Message-ID: ${OURS}`,
        'From: posta-certificata@gestore.example',
        'Content-Type: multipart/mixed; boundary=b',
      ],
      `--b\nContent-Type: message/rfc822; name="postacert.eml"\n\n${inner}\n--b--\n`,
    )
    expect((await read(outer))?.doubts).toEqual(['manca daticert.xml', 'manca la firma del gestore (S/MIME)'])
  })

  it.each([
    ['another sender', /From: posta-certificata@/, 'From: posta.certificata@', /posta-certificata/],
    ['headers of another kind', 'X-Ricevuta: avvenuta-consegna', 'X-Ricevuta: accettazione', /cose diverse/],
    ['another message', /X-Riferimento-Message-ID: .*/, 'X-Riferimento-Message-ID: <altro@x.example>', /due messaggi/],
    ['no signature', /application\/x-pkcs7-signature; name/, 'application/octet-stream; name', /firma/],
    [
      'two kinds',
      'X-Ricevuta: avvenuta-consegna',
      'X-Ricevuta: avvenuta-consegna\r\nX-Ricevuta: accettazione',
      /più di/,
    ],
    ['no daticert', /filename="daticert.xml"/, 'filename="altro.xml"', /manca daticert/],
  ])('with %s leaves a doubt', async (_name, from, to, doubt) => {
    expect((await read(changed(from, to)))?.doubts.join()).toMatch(doubt)
  })

  it('daticert.xml with a DOCTYPE or cut short is not read', async () => {
    const bomb = '<!DOCTYPE p [<!ENTITY a "aaaa">]><postacert tipo="accettazione">&a;</postacert>'
    expect(await readDaticert(Buffer.from(bomb))).toBeNull()
    expect(await readDaticert(Buffer.from('<postacert tipo="accettazione"><dati>'))).toBeNull()
    expect(await readDaticert(Buffer.from('<altro tipo="accettazione"/>'))).toBeNull()
  })
})
