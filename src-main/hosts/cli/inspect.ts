import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { INSPECT_KINDS, type Inspection, type InspectKind, inspectFile } from '#codecs/inspect'
import { type Cents, cents, formatCents } from '#domain/money'
import { type Command, EXIT, UnreadableError, UsageError } from './command.ts'

const MAX_BYTES = 256 * 1024 * 1024
const TITLES: Readonly<Record<Inspection['kind'], string>> = {
  register: 'Registro delle quote',
  bankStatement: 'Estratto conto',
  reportingFlow: 'Flusso di rendicontazione',
  receipt: 'Ricevuta telematica',
  graphic: 'Disegno per gli avvisi',
  archive: 'Archivio zip',
  unknown: 'File non riconosciuto',
}

export const inspect: Command = {
  name: 'inspect',
  usage: 'inspect <file> [--as <tipo>]',
  summary: `dice che cosa il programma legge in un file (tipi: ${INSPECT_KINDS.join(', ')})`,
  async run({ positionals, as }) {
    const [path] = positionals
    if (path === undefined || positionals.length > 1) throw new UsageError('Serve il nome di un file, uno solo.')
    const name = basename(path)
    const found = await inspectFile(name, await read(path), kindOf(as))
    const code = found.kind === 'unknown' ? EXIT.unreadable : found.problems.length > 0 ? EXIT.problems : EXIT.ok
    return { code, json: found, text: words(name, found) }
  },
}

function kindOf(as: string | null): InspectKind | undefined {
  if (as === null) return undefined
  const kind = INSPECT_KINDS.find((known) => known.toLowerCase() === as.toLowerCase())
  if (!kind) throw new UsageError(`Non conosco il tipo «${as}»: ci sono ${INSPECT_KINDS.join(', ')}.`)
  return kind
}

async function read(path: string): Promise<Uint8Array> {
  try {
    const handle = await open(path, 'r')
    try {
      const { size } = await handle.stat()
      if (size > MAX_BYTES) throw new UnreadableError(`«${path}» supera 256 MB.`)
      return new Uint8Array(await handle.readFile())
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (error instanceof UnreadableError) throw error
    const { code } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'non c’è' : code === 'EISDIR' ? 'è una cartella' : `non si apre (${code})`
    throw new UnreadableError(`«${path}» ${why}.`)
  }
}

function words(name: string, found: Inspection): string {
  const lines = [`${name}: ${TITLES[found.kind]}`]
  const fact = (label: string, value: unknown): void => {
    if (value !== null && value !== undefined && value !== '') lines.push(`  ${label.padEnd(12)} ${String(value)}`)
  }
  fact('tracciato', found.profile)
  fact('formato', found.format)
  fact('flusso', found.flowId)
  fact('TRN', found.regulationId)
  fact('IUV', found.iuv)
  fact('versato il', found.paidAt)
  fact('PSP', found.pspName ?? found.senderId)
  const rows = (found.rows ?? found.movements ?? found.transfers) as
    | readonly { amountCents: Cents | null }[]
    | undefined
  if (rows) {
    fact('righe', rows.length)
    fact('totale', `€ ${formatCents(cents(rows.reduce((total, row) => total + (row.amountCents ?? 0), 0)))}`)
  }
  const pages = found.pages as { readonly page: number; readonly pages: number | null } | null | undefined
  if (pages) fact('pagina', pages.pages === null ? pages.page : `${pages.page} di ${pages.pages}`)
  for (const part of (found.parts ?? []) as readonly { readonly account: string | null }[]) fact('conto', part.account)
  const outcomes = (found.outcomes ?? []) as readonly unknown[]
  if (outcomes.length > 0) fact('esiti', outcomes.length)
  for (const entry of (found.entries ?? []) as readonly (Inspection & { readonly name: string })[]) {
    fact(TITLES[entry.kind].toLowerCase(), entry.name)
  }
  lines.push(found.problems.length === 0 ? 'Nessun problema.' : `${found.problems.length} problemi:`)
  for (const { code, message, position } of found.problems.slice(0, 50)) {
    const { sheet, row, line, column, path } = position
    const place = [
      sheet === undefined ? '' : `foglio «${sheet}»`,
      row === undefined && line === undefined ? '' : `riga ${row ?? line}`,
      column === undefined ? '' : `colonna ${column}`,
      path ?? '',
    ]
    lines.push(`  ${place.filter((part) => part !== '').join(', ') || code}: ${message}`)
  }
  if (found.problems.length > 50) lines.push(`  … e altri ${found.problems.length - 50}: usa --json per averli tutti.`)
  return lines.join('\n')
}
