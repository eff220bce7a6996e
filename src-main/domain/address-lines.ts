/** Where a person lives, as a list keeps it; the parts are null where only the whole line is known. */
export interface PostalAddress {
  readonly street: string | null
  readonly civicNumber: string | null
  readonly postalCode: string | null
  readonly city: string | null
  readonly province: string | null
  /** Two letters (ISO 3166); null means Italy. */
  readonly country: string | null
  /** The whole on one line. */
  readonly value: string
}

/**
 * An address as on an envelope, without the name: «Via Roma 12», «09124 Cagliari (CA)» and, abroad, the country in
 * Italian. Notices, quietanze and letters share it. Empty where nothing is known.
 */
export function addressLines(address: PostalAddress | null): string[] {
  if (address === null) return []
  if (!filled(address.street)) return filled(address.value) ? [address.value] : []
  const province = filled(address.province) ? `(${address.province})` : null
  return [
    joined(address.street, address.civicNumber),
    joined(address.postalCode, address.city, province),
    isForeign(address) ? countryName(address.country as string) : '',
  ].filter((line) => line !== '')
}

/** «Via Roma 12, 09124 Cagliari (CA)»: how a contact holds a whole address, and how two are compared. */
export function addressLine(address: Omit<PostalAddress, 'value'>): string {
  const province = filled(address.province) ? `(${address.province})` : null
  const country = filled(address.country) && address.country !== 'IT' ? address.country : ''
  const parts = [
    joined(address.street, address.civicNumber),
    joined(address.postalCode, address.city, province),
    country,
  ]
  return parts.filter((part) => part !== '').join(', ')
}

export function isForeign(address: PostalAddress | null): boolean {
  return address !== null && filled(address.country) && address.country !== 'IT'
}

/** In Italian («Germania»), or the code where it is not known. */
export function countryName(code: string): string {
  if (!/^[A-Z]{2}$/.test(code)) return code
  return new Intl.DisplayNames('it', { type: 'region', fallback: 'code' }).of(code) ?? code
}

function joined(...parts: (string | null)[]): string {
  return parts.filter(filled).join(' ')
}

function filled(text: string | null): text is string {
  return text !== null && text.trim() !== ''
}
