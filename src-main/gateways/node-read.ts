import { isObject } from './https-call.ts'

// What an answer says is believed only in its own type and within a length. Undefined: it does not say so.

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export function objectOf(text: string): Readonly<Record<string, unknown>> | undefined {
  const value = jsonOf(text)
  return isObject(value) ? value : undefined
}

export function textField(from: Readonly<Record<string, unknown>>, name: string, most = 140): string | undefined {
  const value = from[name]
  return typeof value === 'string' && value !== '' && value.length <= most ? value : undefined
}

/** A whole number, not negative. */
export function countField(from: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const value = from[name]
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

/** Every row read, or undefined: a row that cannot be read is never left out in silence. */
export function rowsOf<T>(
  value: unknown,
  read: (row: Readonly<Record<string, unknown>>) => T | undefined,
): T[] | undefined {
  if (!Array.isArray(value)) return undefined
  const rows: T[] = []
  for (const one of value) {
    const row = isObject(one) ? read(one) : undefined
    if (row === undefined) return undefined
    rows.push(row)
  }
  return rows
}

/** A date or date-time as the services write it; undefined for other text. */
export function whenField(from: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const text = textField(from, name, 40)
  return text !== undefined && /^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined
}
