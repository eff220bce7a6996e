import type { Instant } from './date.ts'
import type { GpdApi, GpdBody, GpdPosition, HeldPosition } from './gpd.ts'

export type NodeEnvironment = 'rehearsal' | 'uat' | 'production'

/** What the institution asks a key for, in the Back office of pagoPA. One key of GPD opens positions, massive load and receipts. */
export const NODE_PRODUCTS = ['gpd', 'fdr', 'checkout', 'backoffice'] as const
export type NodeProduct = (typeof NODE_PRODUCTS)[number]

/** Paths of the services below the origin of an environment (pagopa.md §4.4, 6.2, 7, 8). */
export const NODE_PATHS = {
  gpd: '/gpd/debt-positions-service',
  massive: '/upload/gpd/debt-positions-service/v2',
  receipts: '/gpd/payments-receipts-service/v1',
  fdr: '/fdr-org/service/v1',
  checkout: '/checkout/ec/v1',
  backoffice: '/backoffice/external/ec/v1',
} as const
export type NodeService = keyof typeof NODE_PATHS

/** Where each environment answers; the rehearsal's is the server on this machine. */
export const NODE_ORIGINS = {
  uat: 'https://api.uat.platform.pagopa.it',
  production: 'https://api.platform.pagopa.it',
} as const

/** All that a call needs. Keys come from the keychain at the moment of use and stand in no record. */
export interface NodeConnection {
  readonly environment: NodeEnvironment
  /** One of `NODE_ORIGINS`, or a server on this machine; nothing else is called. */
  readonly origin: string
  /** Of the institution. */
  readonly fiscalCode: string
  readonly brokerCode: string
  readonly keys: Readonly<Record<NodeProduct, string | null>>
}

/** The calls that this machine made, outside of the ledger. */
export interface NodeCallStore {
  /** At each call; never throws. Fiscal codes of people are masked here. */
  write(call: NodeCall): void
  /** Newest first. */
  read(): Promise<readonly NodeCall[]>
  /** The last one that this program made; null before the first. */
  latest(): NodeCall | null
  clear(): Promise<void>
}

/** The rehearsal node of this machine, opened when first needed; calling again gives the same one. */
export interface RehearsalNodePort {
  /** The institution is known to it, with its broker, station and IBANs. */
  open(): Promise<{
    /** `http://127.0.0.1:<port>` */
    readonly origin: string
    readonly keys: Readonly<Record<NodeProduct, string>>
    /** Where a person pays notices as a payer would. */
    readonly pageUrl: string
  }>
}

/** A call that did not come to what was hoped for. */
export interface NodeFault {
  /**
   * `refused`: this request will never work as it is. `closed`: key, code or address of the connection, so that no other request
   * of the service will work either. `temporary`: nothing was done, try again. `unknown`: it may have been done: ask first.
   */
  readonly kind: 'refused' | 'closed' | 'temporary' | 'unknown'
  /** HTTP status; null where no answer came. */
  readonly status: number | null
  /** What the node said, on one line, without key or personal data that the request carried. */
  readonly reply: string
  /** In Italian: what is wrong and what to do. */
  readonly reason: string
  readonly retryAfterSeconds?: number
}

/** What the log of calls keeps of one call: no key, no body; what the node said carries no personal data that the request held. */
export interface NodeCall {
  /** When it began. */
  readonly at: Instant
  readonly milliseconds: number
  readonly environment: NodeEnvironment
  readonly service: NodeService
  /** Of `NodeGateway`: «gpd.create», «fdr.flow»… */
  readonly operation: string
  readonly method: string
  /** Below the origin, with its query. */
  readonly path: string
  /** As sent in `X-Request-Id`: what the help desk of pagoPA asks for. */
  readonly requestId: string
  /** Null where no answer came. */
  readonly status: number | null
  readonly outcome: 'ok' | NodeFault['kind']
  /** Empty where it is `ok`. */
  readonly reply: string
  /** Italian; empty where it is `ok`. */
  readonly reason: string
  /** Of the bodies. */
  readonly bytesOut: number
  readonly bytesIn: number
}

export type NodeAnswer<T> = { readonly kind: 'ok'; readonly value: T } | NodeFault

export type MassiveKind = 'create' | 'update' | 'delete'

export interface MassiveReport {
  readonly fileId: string
  readonly submitted: number
  readonly processed: number
  readonly rows: readonly { readonly status: number; readonly message: string; readonly iupds: readonly string[] }[]
}

export interface ListedReceipt {
  readonly iuv: string
  readonly iur: string | null
  readonly debtor: string | null
  readonly cents: number | null
  readonly paidAt: string | null
}

export interface ListedFlow {
  readonly fdr: string
  readonly pspId: string
  readonly revision: number
  readonly flowDate: string | null
  readonly published: string | null
}

export interface ListPage<T> {
  readonly rows: readonly T[]
  /** Pages in all. */
  readonly pages: number
}

export interface NodeIban {
  readonly iban: string
  readonly status: string | null
  readonly validFrom: string | null
  readonly description: string | null
}

export interface NodeStation {
  readonly stationCode: string
  readonly segregationCode: string | null
  readonly active: boolean
  readonly activatedAt: string | null
  /** First digit of its notice numbers: «3», or «0/3». */
  readonly auxDigit: string | null
}

/** The platform, as the institution calls it. Nothing throws for what the platform answers; each call is written to the log of calls. */
export interface NodeGateway {
  readonly gpd: {
    create(
      to: NodeConnection,
      body: GpdBody,
      toPublish: boolean,
      signal?: AbortSignal,
    ): Promise<NodeAnswer<HeldPosition>>
    /** At most 100. Whether one bad row refuses them all is not said anywhere: after a refusal, ask. */
    createMany(
      to: NodeConnection,
      positions: readonly GpdPosition[],
      toPublish: boolean,
      signal?: AbortSignal,
    ): Promise<NodeAnswer<null>>
    update(
      to: NodeConnection,
      body: GpdBody,
      toPublish: boolean,
      signal?: AbortSignal,
    ): Promise<NodeAnswer<HeldPosition>>
    updateMany(
      to: NodeConnection,
      positions: readonly GpdPosition[],
      toPublish: boolean,
      signal?: AbortSignal,
    ): Promise<NodeAnswer<null>>
    publish(to: NodeConnection, api: GpdApi, iupd: string, signal?: AbortSignal): Promise<NodeAnswer<HeldPosition>>
    /** v1 only: v3 has none. */
    invalidate(to: NodeConnection, iupd: string, signal?: AbortSignal): Promise<NodeAnswer<HeldPosition>>
    remove(to: NodeConnection, api: GpdApi, iupd: string, signal?: AbortSignal): Promise<NodeAnswer<null>>
    /** At most 20. */
    removeMany(to: NodeConnection, iupds: readonly string[], signal?: AbortSignal): Promise<NodeAnswer<null>>
    /** Null where the node has none. */
    read(to: NodeConnection, api: GpdApi, iupd: string, signal?: AbortSignal): Promise<NodeAnswer<HeldPosition | null>>
    /** Pages from 0, at most 50 a page, windows of 30 days at most. */
    list(
      to: NodeConnection,
      query: {
        readonly api: GpdApi
        readonly page: number
        readonly due?: { readonly from: string; readonly to: string }
        readonly paid?: { readonly from: string; readonly to: string }
        readonly status?: string
      },
      signal?: AbortSignal,
    ): Promise<NodeAnswer<ListPage<HeldPosition>>>
    /** Paid outside pagoPA. */
    paidOutside(
      to: NodeConnection,
      nav: string,
      paidAt: Instant | null,
      signal?: AbortSignal,
    ): Promise<NodeAnswer<null>>
  }
  readonly massive: {
    upload(
      to: NodeConnection,
      kind: MassiveKind,
      zip: Uint8Array,
      signal?: AbortSignal,
    ): Promise<NodeAnswer<{ readonly fileId: string; readonly retryAfterSeconds: number | null }>>
    status(
      to: NodeConnection,
      fileId: string,
      signal?: AbortSignal,
    ): Promise<NodeAnswer<{ readonly state: string; readonly processed: number; readonly submitted: number }>>
    /** Null until it is ready. */
    report(to: NodeConnection, fileId: string, signal?: AbortSignal): Promise<NodeAnswer<MassiveReport | null>>
    /** Ids of the files loaded between two days, at most seven days apart. */
    files(to: NodeConnection, from: string, until: string, signal?: AbortSignal): Promise<NodeAnswer<readonly string[]>>
  }
  readonly receipts: {
    /** Pages from 0. */
    list(
      to: NodeConnection,
      query: { readonly page: number; readonly size: number; readonly from?: string; readonly until?: string },
      signal?: AbortSignal,
    ): Promise<NodeAnswer<ListPage<ListedReceipt>>>
    /** The receipt itself, XML. */
    xml(to: NodeConnection, iuv: string, signal?: AbortSignal): Promise<NodeAnswer<Uint8Array>>
  }
  readonly fdr: {
    /** Pages from 1. */
    list(
      to: NodeConnection,
      query: {
        readonly page: number
        readonly publishedAfter?: Instant
        /** Flows made after it. */
        readonly flowDate?: Instant
        readonly pspId?: string
      },
      signal?: AbortSignal,
    ): Promise<NodeAnswer<ListPage<ListedFlow>>>
    /** Head and all pages of payments as they came, in one JSON document that `readReportingFlowJson` reads. */
    flow(to: NodeConnection, flow: ListedFlow, signal?: AbortSignal): Promise<NodeAnswer<Uint8Array>>
  }
  readonly checkout: {
    /** Whether the key is taken: an empty cart, which can only be refused, and only by who has looked at the key. */
    tryKey(to: NodeConnection, signal?: AbortSignal): Promise<NodeAnswer<null>>
    /** Answers where the payer goes to pay. */
    cart(to: NodeConnection, cart: CheckoutCart, signal?: AbortSignal): Promise<NodeAnswer<{ readonly url: string }>>
  }
  readonly backoffice: {
    ibans(to: NodeConnection, signal?: AbortSignal): Promise<NodeAnswer<readonly NodeIban[]>>
    /** Stations and segregation codes of the institution, as the Back office knows them. */
    stations(to: NodeConnection, signal?: AbortSignal): Promise<NodeAnswer<readonly NodeStation[]>>
  }
}

/** 1–5 notices paid together (pagopa.md §8). */
export interface CheckoutCart {
  readonly paymentNotices: readonly {
    readonly noticeNumber: string
    readonly fiscalCode: string
    readonly amount: number
    readonly companyName: string
    readonly description: string
  }[]
  readonly returnUrls: {
    readonly returnOkUrl: string
    readonly returnCancelUrl: string
    readonly returnErrorUrl: string
  }
  readonly emailNotice?: string
  readonly idCart?: string
  /** All the transfers are on postal accounts. */
  readonly allCCP?: boolean
}
