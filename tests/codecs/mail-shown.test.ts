import { describe, expect, it } from 'vitest'
import { shownMail } from '#codecs/mail-shown'

const bytes = (...lines: string[]) => Buffer.from(lines.join('\r\n'), 'utf8')

describe('a message as a person reads it', () => {
  it('has its words out of base64 and quoted-printable, the rest by name, the head last', () => {
    const shown = shownMail(
      bytes(
        'Subject: =?utf-8?Q?Mancata_consegna_=C3=A8?=',
        'Content-Type: multipart/mixed; boundary="b"',
        '',
        '--b',
        'Content-Type: text/plain; charset=utf-8',
        'Content-Transfer-Encoding: base64',
        '',
        Buffer.from('La casella è piena.').toString('base64'),
        '--b',
        'Content-Type: text/html',
        '',
        '<p>La casella è piena.</p>',
        '--b',
        'Content-Type: application/xml; name="daticert.xml"',
        'Content-Transfer-Encoding: quoted-printable',
        '',
        '<postacert tipo=3D"errore-consegna"/>',
        '--b',
        'Content-Type: application/pdf; name="avviso.pdf"',
        'Content-Transfer-Encoding: base64',
        '',
        Buffer.alloc(300, 7).toString('base64'),
        '--b',
        'Content-Type: message/rfc822',
        '',
        'Subject: quello spedito',
        '',
        'non si apre',
        '--b--',
        '',
      ),
    )
    expect(shown?.sections).toEqual([
      { title: 'Testo', text: 'La casella è piena.' },
      { title: 'daticert.xml', text: '<postacert tipo="errore-consegna"/>' },
      { title: 'Intestazioni', text: 'Subject: Mancata consegna è\nContent-Type: multipart/mixed; boundary="b"' },
    ])
    expect(shown?.files).toEqual([
      { name: 'avviso.pdf', bytes: 300 },
      { name: 'messaggio spedito', bytes: 38 },
    ])
  })

  it('shows HTML where nothing else says it, and says where a long text stops', () => {
    const shown = shownMail(bytes('Content-Type: text/html', '', 'x'.repeat(70_000)))
    expect(shown?.sections[0]?.text.slice(59_990)).toBe('xxxxxxxxxx\n\n[Continua: salva il file per leggerlo tutto.]')
  })

  it('is nothing where the parts never end', () => {
    const nested = Array.from(
      { length: 40 },
      (_, i) => `Content-Type: multipart/mixed; boundary="n${i}"\r\n\r\n--n${i}\r\n`,
    )
    expect(shownMail(bytes(nested.join('')))).toBeNull()
  })
})
