import { readFiscalCode } from '#domain/fiscal-code'
import { readIban } from '#domain/iban'

/** The fiscal code of an institution while it is typed: what is wrong, with the likely remedy; null when it is right. */
export function institutionCodeError(text: string): string | null {
  if (text.trim() === '') return null
  if (!/^\d*$/.test(text)) return 'Solo cifre: il codice fiscale di un ente ne ha 11.'
  if (text.length < 11) return `Ha ${text.length} cifre: ne servono 11.`
  const reading = readFiscalCode(text)
  if (reading.state === 'suspicious') return `L’ultima cifra non torna: controlla, forse è ${reading.expected}.`
  return reading.state === 'wrong' ? 'Ne servono 11 cifre.' : null
}

const IBAN_WORDS = {
  empty: 'Manca l’IBAN.',
  structure: 'Non ha la forma di un IBAN: in Italia sono 27 caratteri, da IT.',
  check: 'Le cifre di controllo non tornano: controlla che sia copiato per intero.',
  cin: 'Il carattere CIN non torna: controlla il quinto carattere.',
} as const

export function ibanError(text: string): string | null {
  if (text.trim() === '') return null
  const reading = readIban(text)
  return reading.state === 'ok' ? null : IBAN_WORDS[reading.reason]
}

/** The postal account is for the bollettino: only an IBAN of Poste Italiane carries its number. */
export function postalIbanError(text: string): string | null {
  const wrong = ibanError(text)
  if (wrong !== null || text.trim() === '') return wrong
  const reading = readIban(text)
  return reading.state === 'ok' && reading.postalAccount === null
    ? 'Non è un IBAN di Poste Italiane: dal sesto carattere ci vuole 07601.'
    : null
}

export function segregationError(text: string): string | null {
  return /^\d{2}$/.test(text) ? null : 'Sono due cifre, per esempio 01.'
}

/** Codice SIA, the one that banks show as CBILL. */
export function cbillError(text: string): string | null {
  return text.trim() === '' || /^[A-Za-z0-9]{5}$/.test(text.trim())
    ? null
    : 'Sono cinque fra lettere e cifre, per esempio AAPRV.'
}

export function emailError(text: string): string | null {
  const address = text.trim()
  if (address === '') return null
  if (!address.includes('@')) return 'Manca la chiocciola.'
  return /^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(address)
    ? null
    : 'Indirizzo incompleto: dopo la chiocciola va il dominio, per esempio ordine.it.'
}
