import type { IncomingHttpHeaders } from 'node:http'
import type { Instant } from '#domain/date'
import type { NodeProduct, NodeService } from '#domain/node-ports'
import type { Random } from '#domain/ports'
import type { Faults } from './faults.ts'
import type { NodeKeys } from './keys.ts'
import type { NodeStore } from './store.ts'

/** What the node's operations work with. */
export interface NodeDesk {
  readonly store: NodeStore
  /** Where what it holds is kept, null: in memory only. */
  readonly folder: string | null
  readonly faults: Faults
  readonly keys: NodeKeys
  readonly random: Random
  readonly settings: NodeSettings
  /** The node's own clock. */
  now(): Instant
  epochMs(): number
  /** Where the node answers: for links to its pages. */
  readonly origin: string
  /** Of the page of payments: what stands in its path. */
  readonly pageToken: string
  /** Does something after the answer has left, unless the node closes before. */
  later(work: () => void): void
  /** The last calls, newest first, without keys: for the page. */
  readonly lastCalls: () => readonly LastCall[]
}

export interface NodeSettings {
  /** How a bulk of v2 takes a bad row: all of them refused (as the platform's code does), or the good ones kept. */
  bulk: 'allOrNothing' | 'rowByRow'
  /** Dates of GPD with their zone, as the files declare, or without it, as the platform's code writes them: UTC all the same. */
  dates: 'zoned' | 'bare'
  /** Least milliseconds between two massive loads of one key; 0 = no limit. */
  massiveEveryMs: number
  /** Positions of a massive load done in one turn. */
  massiveTurn: number
}

export interface LastCall {
  readonly at: Instant
  readonly method: string
  readonly path: string
  readonly status: number | null
  readonly fault: string | null
}

export interface Call {
  readonly method: string
  readonly path: string
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly json?: unknown
  readonly body?: string | Uint8Array
  /** Of the body; `application/json` for `json` where it is not said. */
  readonly type?: string
}

/** `product`: a key of it opens the route. `page`: the token of the page in the path. `open`: nothing is asked. */
export type Lock = { readonly product: NodeProduct } | 'page' | 'open'

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** `/gpd/…/organizations/:fiscalCode/debtpositions`; `:fiscalCode` and `:broker` are checked against what the keys may touch. */
  readonly path: string
  readonly lock: Lock
  /** For faults; null where no fault is ever played. */
  readonly service: NodeService | 'io' | null
  /** `operationId` of the official file. */
  readonly operation: string
  /** Largest body, default 8 MiB. */
  readonly limit?: number
  handle(call: Call, desk: NodeDesk): Reply | Promise<Reply>
}

/** An answer of the platform that is not what was asked: thrown anywhere inside an operation. */
export class Refused extends Error {
  readonly status: number
  readonly title: string
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, title: string, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail)
    this.status = status
    this.title = title
    this.headers = headers
  }

  reply(): Reply {
    const json = { title: this.title, status: this.status, detail: this.message }
    return { status: this.status, headers: this.headers, json }
  }
}

/** As what stands before the services words its refusals (keys, limits). */
export class TurnedAway extends Refused {
  override reply(): Reply {
    const json = { statusCode: this.status, message: this.message }
    return { status: this.status, headers: this.headers, json }
  }
}

/** @throws Refused 400 when the body is not JSON. */
export function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    throw new Refused(400, 'Bad Request', 'Invalid input format')
  }
}
