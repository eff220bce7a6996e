import { client } from '../../client.ts'
import { errorText } from '../../problems.ts'
import { type Act, askedFor, type Counterpart, isMovement, leftOf, onlyUndone, seenOn, type TableRow } from './board.ts'

/** What a person wrote in the counterpart cell of a row, and the act that it is. */
export interface Cell {
  /** As written: what Ctrl D copies, to be read again for each row. */
  readonly text: string
  readonly row: TableRow
  readonly act: Act | null
  readonly title: string
  readonly error: string | null
}

export function cellOf(row: TableRow, text: string, counterpart: Counterpart, reason?: string): Cell {
  const { act, title } = counterpart
  const word = askedFor(act)
  if (word !== null && (reason ?? '').trim().length < 3) {
    const number = row.counterparts.indexOf(counterpart) + 1
    return refused(
      row,
      text,
      `${word}: scrivi anche il motivo, così: «${number > 0 ? number : 1} verificato con il prestatore»`,
    )
  }
  return { text, row, act: word === null ? act : { ...act, reason: reason ?? '' }, title, error: null }
}

function refused(row: TableRow, text: string, error: string): Cell {
  return { text, row, act: null, title: '', error }
}

/**
 * Reads a cell as written: «=» is the proposal, «1» the first counterpart («1 motivo» where one is wanted), «x motivo»
 * excludes, anything else is looked for. Never guesses: what is not one counterpart is refused in words.
 */
export async function readCell(row: TableRow, written: string): Promise<Cell | null> {
  const text = written.trim()
  if (text === '') return null
  if (onlyUndone(row)) return refused(row, text, 'Questa attribuzione si disfa dal confronto: Esc, poi Invio')
  if (text === '=') {
    const best = row.confirms === null ? undefined : row.counterparts[row.confirms]
    return best ? cellOf(row, text, best) : refused(row, text, 'Qui non c’è una proposta sola: scrivi la controparte')
  }
  const numbered = /^([1-9])(?:\s+(.*))?$/.exec(text)
  if (numbered) {
    const counterpart = row.counterparts[Number(numbered[1]) - 1]
    return counterpart
      ? cellOf(row, text, counterpart, numbered[2])
      : refused(row, text, `Qui non c’è la controparte ${numbered[1]}`)
  }
  const out = /^(?:x|escludi)(?:[\s:]+(.*))?$/i.exec(text)
  if (out) return exclusion(row, text, (out[1] ?? '').trim())
  return found(row, text)
}

function exclusion(row: TableRow, text: string, reason: string): Cell {
  if (!isMovement(row)) return refused(row, text, 'Si escludono solo i movimenti della banca')
  if (reason.length < 3) return refused(row, text, 'Scrivi il motivo: «x non è un incasso pagoPA»')
  const act: Act = { ...seenOn(row), kind: 'exclude', bankMovementIds: [row.bankMovementId], reason }
  return { text, row, act, title: `Escludi: ${reason}`, error: null }
}

async function found(row: TableRow, text: string): Promise<Cell> {
  const wanted = text.toLowerCase()
  const own = row.counterparts.filter((c) => `${c.title} ${c.detail}`.toLowerCase().includes(wanted))
  const [first] = own
  if (first && own.length === 1) return cellOf(row, text, first)
  if (row.kind === 'flow' || row.kind === 'alarm')
    return refused(row, text, 'Scegli una delle risposte con il suo numero')
  try {
    const list = own.length > 1 ? own : await client.reconciliation.find({ subject: row.subject, text })
    const exact = list.filter((c) => c.cents === leftOf(row))
    const only = exact.length === 1 ? exact[0] : list.length === 1 ? list[0] : undefined
    if (only) return cellOf(row, text, only)
    if (list.length === 0) return refused(row, text, 'Nessuna controparte così')
    return refused(row, text, `${exact.length || list.length} controparti così: scrivi di più, o scegli con ↓`)
  } catch (error) {
    return refused(row, text, errorText(error))
  }
}

/** The first of the acts that cannot be, and why: asked by halves, nothing is written. */
export async function firstRefused(
  acts: readonly Act[],
): Promise<{ readonly index: number; readonly why: unknown } | null> {
  const refusal = async (length: number): Promise<unknown> => {
    try {
      await client.reconciliation.consequences({ acts: acts.slice(0, length) })
      return null
    } catch (error) {
      return error
    }
  }
  let why = await refusal(acts.length)
  if (why === null) return null
  let good = 0
  let bad = acts.length
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2)
    const error = await refusal(middle)
    if (error === null) good = middle
    else {
      bad = middle
      why = error
    }
  }
  return { index: bad - 1, why }
}
