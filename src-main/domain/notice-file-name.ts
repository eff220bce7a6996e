import { type Problem, problem } from './problem.ts'
import { fillTemplate, templateFields, unknownField } from './template.ts'

/** Fields that the name of a notice's file may be made of. */
export const FILE_NAME_FIELDS = ['codiceFiscale', 'nome', 'anno', 'iuv', 'numeroAvviso', 'lotto'] as const
export type FileNameField = (typeof FILE_NAME_FIELDS)[number]

export const STANDARD_FILE_NAME_PATTERN = '{codiceFiscale}_{anno}_{iuv}'

/** Characters of a name without `.pdf`: it must stay readable in a window. */
const MAX_LENGTH = 120

/** Bytes of it in UTF-8: disks of Linux and macOS take 255, ending included. */
const MAX_BYTES = 240

/** What a person's name and a batch's may shrink to, and the most that the codes take. */
const ROOM: Readonly<Record<FileNameField, number>> = {
  codiceFiscale: 16,
  nome: 10,
  anno: 4,
  iuv: 35,
  numeroAvviso: 18,
  lotto: 10,
}

/** What every disk takes: letters, digits and these few signs, as the folders of deliveries do. */
const FORBIDDEN = /[^\p{L}\p{N} ._()+@-]/u
const WINDOWS_RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

const PLACE = { field: 'Nome dei file' } as const

/** What is wrong with a pattern, in words; empty when it gives good and different names. */
export function checkFileNamePattern(pattern: string): Problem[] {
  const problems: Problem[] = []
  const known = FILE_NAME_FIELDS.map((name) => `{${name}}`).join(' ')
  const field = unknownField(pattern, FILE_NAME_FIELDS)
  if (field !== null) problems.push(problem('TEMPLATE_FIELD_UNKNOWN', { field, known }, PLACE))
  const fields = templateFields(pattern)
  if (!fields.includes('iuv') && !fields.includes('numeroAvviso')) problems.push(problem('FILE_NAME_SAME', {}, PLACE))
  const own = pattern.replace(/\{[^{}\r\n]*\}/g, '')
  const character = FORBIDDEN.exec(own.normalize('NFC'))?.[0]
  if (character !== undefined) problems.push(problem('FILE_NAME_CHARACTER', { character }, PLACE))
  const least = fields.reduce((n, name) => n + (ROOM[name as FileNameField] ?? 0), own.length)
  if (least > MAX_LENGTH || least + bytesOf(own) - own.length > MAX_BYTES)
    problems.push(problem('FILE_NAME_LONG', { limit: MAX_LENGTH }, PLACE))
  return problems
}

/**
 * The name of one notice's file, `.pdf` included, good for every disk. Accents stay; what a disk refuses becomes a
 * hyphen; where the whole is too long only the person's and the batch's names are shortened, never a code.
 */
export function noticeFileName(pattern: string, values: Readonly<Record<FileNameField, string>>): string {
  const clean = mapValues(values, cleaned)
  for (let name = assemble(pattern, clean); ; name = assemble(pattern, clean)) {
    const longest = clean.nome.length >= clean.lotto.length ? 'nome' : 'lotto'
    const fits = name.length <= MAX_LENGTH && bytesOf(name) <= MAX_BYTES
    if (fits || clean[longest] === '') return `${name.slice(0, MAX_LENGTH)}.pdf`
    // Whole letters, so that one outside the first plane is never cut in two.
    clean[longest] = [...clean[longest]].slice(0, -1).join('').trimEnd()
  }
}

function assemble(pattern: string, values: Readonly<Record<FileNameField, string>>): string {
  const name = cleaned(fillTemplate(pattern, values))
    .replace(/^[^\p{L}\p{N}]+/u, '')
    .replace(/[. ]+$/, '')
  return name === '' || WINDOWS_RESERVED.test(name) ? `avviso-${name}`.replace(/-$/, '') : name
}

function cleaned(text: string): string {
  return text
    .normalize('NFC')
    .replace(/\p{M}/gu, '')
    .replace(/\s+/gu, ' ')
    .replace(/[^\p{L}\p{N} ._()+@-]+/gu, '-')
    .trim()
}

/** Length in UTF-8; half of a letter outside the first plane counts half of it. */
function bytesOf(text: string): number {
  let bytes = 0
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    bytes += code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 2 : 3
  }
  return bytes
}

function mapValues<K extends string>(values: Readonly<Record<K, string>>, of: (text: string) => string) {
  return Object.fromEntries(Object.entries<string>(values).map(([key, text]) => [key, of(text)])) as Record<K, string>
}

/** How two names are compared: disks of Windows and macOS do not tell capitals apart. */
export function fileNameKey(name: string): string {
  return name.normalize('NFC').toLowerCase()
}
