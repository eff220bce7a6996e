import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Canvas } from '#codecs/pdf/canvas'
import { layNotice, prepareNoticeKit } from '#codecs/pdf/notice-kit'
import { isoDate } from '#domain/date'
import { cents } from '#domain/money'
import type { NoticeNumber } from '#domain/notice-number'
import { specsDir } from '../specs.ts'
import { kitOf } from './pdf-samples.ts'
import { has } from './pdf-tools.ts'

const specs = specsDir()
const reason = specs === null ? 'mancano le specifiche' : has('pdftotext') ? '' : 'manca pdftotext'
if (reason !== '') console.log(`Confronto con gli avvisi ufficiali saltato: ${reason}.`)

const MM = 25.4 / 72

interface Line {
  readonly text: string
  readonly x0: number
  readonly x1: number
  readonly base: number
}

/** Lines of an official sample in millimetres, from `pdftotext -bbox-layout`. */
function officialLines(file: string): Line[] {
  const html = execFileSync('pdftotext', ['-bbox-layout', join(specs as string, 'pagopa-data/notice', file), '-'], {
    encoding: 'utf8',
  })
  const box = /<line xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)<\/line>/gs
  return [...html.matchAll(box)].map((m) => {
    const [x0, y0, x1, y1] = m.slice(1, 5).map((v) => Number(v) * MM) as [number, number, number, number]
    const words = [...(m[5] as string).matchAll(/>([^<]+)<\/word>/g)].map((w) => w[1])
    const text = words.join(' ').replaceAll('&apos;', '’')
    // Titillium and Roboto Mono alike: the base line stands at about three quarters of the box.
    return { text, x0, x1, base: y0 + (y1 - y0) * 0.757 }
  })
}

describe.skipIf(reason !== '')('beside the official single-payment sample', () => {
  test('every text stands where the official one does, within a millimetre', () => {
    const kit = prepareNoticeKit(
      kitOf({
        fiscalCode: '99999000013',
        name: 'Comune di Test',
        office: 'Settore di Test',
        info: 'Info di Test',
        cbill: 'CBI1234',
        online: 'site',
        postal: null,
      }),
    )
    const [page] = layNotice(
      {
        // The sample's own number fails its check digits, so it is named here without the guard.
        single: {
          noticeNumber: '470000008800999051' as NoticeNumber,
          cents: cents(150_000),
          dueDate: isoDate('2024-12-31'),
        },
        installments: [],
        subject: 'Avviso Pagamento di TEST',
        debtor: {
          name: 'Mario Rossi',
          fiscalCode: 'FFFCST83A15L113V',
          addressLines: ['Via Nazionale 1', '00100 Roma (RM)'],
        },
      },
      kit,
    ) as [Canvas]
    const unit = 0.75 * MM
    const ours = page.boxes.map((b) => ({
      text: b.text,
      x0: b.left * unit,
      x1: b.right * unit,
      base: (b.top + ((b.bottom - b.top) / 0.96) * 0.74) * unit,
    }))
    const far: string[] = []
    let compared = 0
    for (const line of officialLines('scenario_ft_01.pdf')) {
      const twin = ours
        .filter((o) => o.text === line.text)
        .sort((a, b) => Math.abs(a.base - line.base) - Math.abs(b.base - line.base))[0]
      if (!twin) continue
      compared++
      const side = Math.min(Math.abs(twin.x0 - line.x0), Math.abs(twin.x1 - line.x1))
      const down = Math.abs(twin.base - line.base)
      if (side > 1 || down > 1)
        far.push(`«${line.text}»: ${side.toFixed(2)} mm di lato, ${down.toFixed(2)} mm in basso`)
    }
    expect(far).toEqual([])
    expect(compared).toBeGreaterThan(38)
  })
})
