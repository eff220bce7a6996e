import { NODE_PATHS } from '#domain/node-ports'
import { Refused, type Reply, type Route } from './http.ts'
import { wholeNumber } from './receipts.ts'

const BASE = `${NODE_PATHS.backoffice}/brokers/:broker`

/** Back office (openapi_backoffice_external_ec.json): institutions of a broker with their stations, and their IBANs. */
export const backofficeRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: `${BASE}/creditor_institutions`,
    lock: { product: 'backoffice' },
    service: 'backoffice',
    operation: 'getBrokerInstitutions',
    handle({ params, query }, { store }) {
      const own = new Map([...store.all('organization')].map((each) => [each.fiscalCode, each]))
      const found = [...store.all('station')].flatMap((station) => {
        const organization = own.get(station.organizationFiscalCode)
        if (!organization || organization.brokerCode !== params.broker) return []
        return [
          {
            companyName: organization.name,
            taxCode: organization.fiscalCode,
            intermediated: organization.brokerCode !== organization.fiscalCode,
            brokerCompanyName: organization.name,
            brokerTaxCode: organization.brokerCode,
            model: 3,
            auxDigit: '3',
            segregationCode: station.segregationCode,
            stationId: station.stationCode,
            stationState: station.active ? 'enabled' : 'disabled',
            version: '2',
            broadcast: false,
            ciStatus: true,
            pspPayment: true,
          },
        ]
      })
      return pageOf('creditorInstitutions', found, query)
    },
  },
  {
    method: 'GET',
    path: `${BASE}/ibans`,
    lock: { product: 'backoffice' },
    service: 'backoffice',
    operation: 'getBrokerIbans',
    handle({ params, query }, { store, now }) {
      const found = [...store.all('iban')].flatMap((iban) => {
        const organization = store.get('organization', iban.organizationFiscalCode)
        if (!organization || organization.brokerCode !== params.broker) return []
        return [
          {
            ciName: organization.name,
            ciFiscalCode: organization.fiscalCode,
            iban: iban.iban,
            status: iban.dueDate !== undefined && iban.dueDate <= now() ? 'DISABLED' : 'ENABLED',
            validityDate: iban.validFrom,
            description: iban.description,
          },
        ]
      })
      return pageOf('ibans', found, query)
    },
  },
]

function pageOf(name: string, found: readonly object[], query: URLSearchParams): Reply {
  if (!query.has('page')) throw new Refused(400, 'Bad Request', 'page is required')
  const page = wholeNumber(query, 'page', 0, 0, 1_000_000)
  const limit = wholeNumber(query, 'limit', 10, 1, 100)
  const pageInfo = { page, limit, totalElements: found.length, totalPages: Math.ceil(found.length / limit) }
  return { status: 200, json: { [name]: found.slice(page * limit, (page + 1) * limit), pageInfo } }
}
