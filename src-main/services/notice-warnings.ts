import { NOTICE_GRAPHIC_KINDS, NOTICE_GRAPHICS } from '#domain/notice-graphics'
import { problemText } from '#domain/problem'
import { readInstitution, readLogo } from '#ledger/institution'
import type { ReadHandle } from '#ledger/ledger'
import { listGraphics, readNoticeStyle } from '#ledger/notice-style'
import { slipAccount, slipObstacle } from './notice-kit-input.ts'

/** Logo and marks stand in every single file: beyond this the notices of an order fill disks and mailboxes. */
const HEAVY_BYTES = 150 * 1024

/** What the notices lack, in words; empty when they are complete. */
export async function noticeWarnings(db: ReadHandle): Promise<string[]> {
  const style = await readNoticeStyle(db)
  const institution = await readInstitution(db)
  const graphics = await listGraphics(db)
  const account = await slipAccount(db, style)
  const missing = (when: 'always' | 'postal') =>
    NOTICE_GRAPHIC_KINDS.filter((kind) => NOTICE_GRAPHICS[kind].obligatory === when)
      .filter((kind) => !graphics.some((one) => one.kind === kind))
      .map((kind) => `«${NOTICE_GRAPHICS[kind].label}»`)
  const warnings: string[] = []
  const always = missing('always')
  if (always.length > 0) {
    warnings.push(
      `Manca ${always.join(' e ')}: gli avvisi portano al suo posto una scritta neutra. Caricalo dal kit grafico di pagoPA.`,
    )
  }
  if (institution !== null && institution.cbill === '') {
    warnings.push(
      'Manca il codice CBILL: chi paga dal proprio home banking lo cerca sull’avviso. Scrivilo in Impostazioni › Ente.',
    )
  }
  if (institution !== null && !institution.hasLogo) warnings.push('Manca il logo dell’ente: il suo posto resta vuoto.')
  if (account !== null) {
    const obstacle = slipObstacle(account)
    if (obstacle !== null) warnings.push(`${problemText(obstacle)} Gli avvisi escono senza bollettino.`)
    const postal = missing('postal')
    if (postal.length > 0) {
      warnings.push(
        `Per il bollettino postale ${postal.length === 1 ? 'manca' : 'mancano'} ${listed(postal)}: al loro posto c’è una scritta neutra.`,
      )
    }
    if (style.postalAuthorisation === '') {
      warnings.push(
        'Manca l’autorizzazione di Poste alla stampa in proprio («AUT. …»): senza, gli uffici postali possono rifiutare il bollettino.',
      )
    }
  }
  const logo = (await readLogo(db))?.length ?? 0
  const weight = graphics.reduce((sum, one) => sum + one.size, Math.floor((logo * 3) / 4))
  if (weight > HEAVY_BYTES) {
    warnings.push(
      `Logo e marchi pesano ${Math.round(weight / 1024)} kB in ogni avviso: caricali in SVG o più piccoli, ne bastano pochi.`,
    )
  }
  return warnings
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} e ${names.at(-1)}`
}
