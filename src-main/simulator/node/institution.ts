import type { NodeDesk } from './http.ts'

/** What the Back office knows of a creditor institution. */
export interface Institution {
  readonly fiscalCode: string
  readonly name: string
  /** The institution's own fiscal code where it is its own broker. */
  readonly brokerCode: string
  readonly stationCode: string
  readonly segregationCodes: readonly string[]
  readonly ibans: readonly { readonly iban: string; readonly description: string }[]
}

/** Makes an institution known to the node, or brings what it knows up to date; nothing is taken away. */
export function registerInstitution(desk: Pick<NodeDesk, 'store' | 'now'>, institution: Institution): void {
  const { fiscalCode, name, brokerCode } = institution
  desk.store.change(({ put }) => {
    const known = desk.store.get('organization', fiscalCode)
    if (known?.name !== name || known.brokerCode !== brokerCode) {
      put('organization', fiscalCode, { fiscalCode, name, brokerCode })
    }
    for (const segregationCode of institution.segregationCodes) {
      const key = `${fiscalCode}/${institution.stationCode}/${segregationCode}`
      if (desk.store.get('station', key)) continue
      const { stationCode } = institution
      put('station', key, { organizationFiscalCode: fiscalCode, stationCode, segregationCode, active: true })
    }
    for (const { iban, description } of institution.ibans) {
      if (desk.store.get('iban', `${fiscalCode}/${iban}`)) continue
      put('iban', `${fiscalCode}/${iban}`, {
        organizationFiscalCode: fiscalCode,
        iban,
        description,
        validFrom: desk.now(),
      })
    }
  })
}
