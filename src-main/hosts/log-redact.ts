import { maskedText } from '#domain/masked-text'

const SECRET_KEY = /pass(word|phrase)?|secret|token|cookie|authorization|credential|subscription|^keys$/i
const PERSONAL_KEY =
  /^(name|surname|displayName|fromName|address|email|mail|pec|phone|fiscalCode|vatNumber|iban|payer|debtor|person|to|from|excerpt)$/i
const IBAN = /\bIT\d{2}\s?[A-Z](\s?\d){10}(\s?[A-Z0-9]){12}\b/gi

/**
 * What may stand in the log: secrets and personal data are left out by the name of their field, and fiscal codes, IBANs
 * and addresses inside texts by their form. Depth and length are limited.
 */
export function redacted(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactedText(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth > 5) return '…'
  if (value instanceof Error) {
    const cause = value.cause === undefined ? {} : { cause: redacted(value.cause, depth + 1) }
    return { type: value.name, message: redactedText(value.message), stack: redactedText(value.stack ?? ''), ...cause }
  }
  if (value instanceof Uint8Array) return `${value.length} byte`
  if (Array.isArray(value)) return value.slice(0, 50).map((item) => redacted(item, depth + 1))
  const out: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(value)) {
    out[key] = SECRET_KEY.test(key) || PERSONAL_KEY.test(key) ? '[omesso]' : redacted(item, depth + 1)
  }
  return out
}

export function redactedText(text: string): string {
  return maskedText(text).replace(IBAN, '[IBAN]')
}
