import { countryName, isForeign, type PostalAddress } from './address-lines.ts'
import { fitsProvince, isGenericPostalCode, isProvince } from './postal-code.ts'
import { fitPostalRow, POSTAL_ROW, postalText, rowLength } from './postal-row.ts'

/** Something to look at in an address, in Italian words. */
export interface PostalDoubt {
  readonly text: string
  /** The postal service could not deliver it at all: such an address stays out of a batch. */
  readonly blocks: boolean
}

/** An address as the postal service takes it: the parts of a batch's list, and the rows of the envelope. */
export interface PostalLabel {
  readonly recipient: string
  readonly presso: string
  readonly building: string
  readonly street: string
  readonly postalCode: string
  readonly city: string
  /** Two letters; empty abroad. */
  readonly province: string
  /** In Italian capitals; empty in Italy. */
  readonly country: string
  /** Recipient, presso, building, street, place, state: three to six rows of 44 characters, the empty ones left out. */
  readonly lines: readonly string[]
  readonly doubts: readonly PostalDoubt[]
}

/**
 * One person's address on the rows of Poste Italiane (bank.md §10). A row that is too long is shortened by known
 * abbreviations only; what does not fit is a doubt that blocks, never cut.
 */
export function postalLabel(name: string, address: PostalAddress | null): PostalLabel {
  const doubts: PostalDoubt[] = []
  const doubt = (text: string, blocks = false) => doubts.push({ text, blocks })
  const parts = partsOf(name, address, doubt)
  const foreign = isForeign(address)
  const place = [parts.postalCode, parts.city, foreign ? '' : parts.province].filter((part) => part !== '').join(' ')
  const rows = {
    recipient: fitPostalRow(parts.recipient),
    presso: fitPostalRow(parts.presso),
    building: fitPostalRow(parts.building),
    street: fitPostalRow(parts.street),
    place: fitPostalRow(place),
    country: parts.country,
  }
  for (const [row, words] of ROWS) {
    const length = rowLength(rows[row])
    if (length > POSTAL_ROW) {
      doubt(`${words} è di ${length} caratteri, ne stanno ${POSTAL_ROW}: «${rows[row]}». Abbrevia tu.`, true)
    }
  }
  const city = rows.place.slice(parts.postalCode === '' ? 0 : parts.postalCode.length + 1)
  const shortCity = !foreign && parts.province !== '' ? city.slice(0, -(parts.province.length + 1)) : city
  return {
    ...parts,
    ...{ recipient: rows.recipient, presso: rows.presso, building: rows.building, street: rows.street },
    city: shortCity,
    lines: Object.values(rows).filter((row) => row !== ''),
    doubts,
  }
}

/** Whether the postal service can take it. */
export function isMailable(label: PostalLabel): boolean {
  return !label.doubts.some((doubt) => doubt.blocks)
}

/** The rows on one line, as lists show where a letter went. */
export function postalLine(label: PostalLabel): string {
  return label.lines.join(', ')
}

const ROWS = [
  ['recipient', 'Il nome'],
  ['presso', 'La riga «presso»'],
  ['building', 'La riga dell’edificio'],
  ['street', 'La via'],
  ['place', 'La riga del comune'],
  ['country', 'Lo stato'],
] as const

type Doubt = (text: string, blocks?: boolean) => void

function partsOf(name: string, address: PostalAddress | null, doubt: Doubt) {
  const recipient = postalText(name)
  if (recipient === '') doubt('Manca il nome.', true)
  const empty = { recipient, presso: '', building: '', street: '', postalCode: '', city: '', province: '', country: '' }
  if (address === null) {
    doubt('Non c’è nessun indirizzo.', true)
    return empty
  }
  invisible([name, ...Object.values(address)], doubt)
  const whole = postalText(address.value)
  if (!filled(address.street) && whole !== '') {
    doubt('L’indirizzo è scritto su una riga sola: servono via, CAP, comune e provincia, ognuno al suo posto.', true)
    return { ...empty, street: whole }
  }
  const own = streetParts(address.street ?? '', address.civicNumber ?? '')
  const parts = {
    recipient,
    presso: own.presso === '' ? '' : `PRESSO ${postalText(own.presso)}`,
    building: postalText(own.building),
    street: postalText(own.street),
    postalCode: postalText(address.postalCode ?? ''),
    city: postalText(address.city ?? ''),
    province: postalText(address.province ?? ''),
    country: '',
  }
  if (parts.street === '') doubt('Manca la via.', true)
  if (parts.city === '') doubt('Manca il comune.', true)
  if (isForeign(address)) return { ...parts, province: '', country: checkForeign(address.country ?? '', doubt) }
  checkItalian(parts, doubt)
  return parts
}

function checkItalian(
  { street, postalCode, province }: { street: string; postalCode: string; province: string },
  doubt: Doubt,
): void {
  const known = isProvince(province)
  if (postalCode === '') doubt('Manca il CAP.', true)
  else if (!/^\d{5}$/.test(postalCode)) doubt(`Il CAP «${postalCode}» non ha cinque cifre.`, true)
  else if (known && !fitsProvince(postalCode, province)) {
    doubt(`Il CAP ${postalCode} non è della provincia ${province}: controlla l’uno e l’altra.`)
  } else if (isGenericPostalCode(postalCode)) {
    doubt(`Il CAP ${postalCode} è quello generico della città: Poste vuole quello della via.`)
  }
  if (province === '') doubt('Manca la provincia.')
  else if (!known) doubt(`La provincia «${province}» non esiste.`)
  if (street !== '' && !/\d|\bSNC\b|CASELLA/u.test(street)) doubt('Manca il numero civico (o SNC).')
}

function checkForeign(code: string, doubt: Doubt): string {
  const country = postalText(countryName(code))
  if (country === postalText(code)) doubt(`Lo stato «${code}» non è conosciuto.`, true)
  return country
}

function invisible(texts: readonly (string | null)[], doubt: Doubt): void {
  const all = texts.filter((text) => text !== null).join('')
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(all)) doubt('C’erano segni invisibili o a capo: non vengono stampati.')
  const letter = /[^\P{L}\p{Script=Latin}ªº]/u.exec(all)?.[0]
  if (letter !== undefined) doubt(`«${letter}» non è una lettera del nostro alfabeto: la stampa può non averla.`)
}

const BUILDING =
  '(?:scala|sc\\.|interno|int\\.?|palazzina|pal\\.|palazzo|edificio|piano|isolato|lotto|corpo|torre|blocco)'

/** Only what is plainly written so is taken apart: «c/o …» at either end, «scala B int. 3» after the number or a comma. */
function streetParts(street: string, civic: string): { presso: string; building: string; street: string } {
  let rest = street.replace(/\s+/gu, ' ').trim()
  let presso = ''
  const before = /^(?:c\/o|presso)\s+(.+?)\s*(?:[,;]| [-–] )\s*(.+)$/iu.exec(rest)
  const after = /^(.+?\s.+?)(?:[,;\s]+c\/o|\s*(?:[,;]| [-–])\s*presso)\s+(.+)$/iu.exec(rest)
  if (before !== null) [, presso = '', rest = ''] = before
  else if (after !== null) [, rest = '', presso = ''] = after
  const inside = new RegExp(`^(.*?\\d\\S*?|.*?(?=[,;]))[,;\\s]+(${BUILDING}\\s.*)$`, 'iu').exec(rest)
  const building = inside?.[2] ?? ''
  if (inside !== null) rest = inside[1] ?? rest
  const own = new RegExp(`^(\\S+?)[,;\\s]+(${BUILDING}\\s.*)$`, 'iu').exec(civic.replace(/\s+/gu, ' ').trim())
  const number = own?.[1] ?? civic
  const rooms = [building, own?.[2] ?? ''].filter((part) => part !== '').join(' ')
  return { presso, building: rooms, street: [rest, number].filter((part) => part.trim() !== '').join(' ') }
}

function filled(text: string | null): boolean {
  return text !== null && text.trim() !== ''
}
