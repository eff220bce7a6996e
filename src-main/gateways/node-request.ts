import type { NodeService } from '#domain/node-ports'
import type { HttpsReply } from './https-call.ts'

/** One operation of the platform. */
export interface NodeRequest {
  readonly service: NodeService
  readonly operation: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below the service's path; what stands in it is escaped already. */
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** Bytes in place of a JSON body. */
  readonly bytes?: { readonly type: string; readonly content: Uint8Array }
  /** It changes what the node holds: without an answer nobody knows whether it did. */
  readonly acts: boolean
  /** Of the answer; 1 MiB unless told. */
  readonly mostBytes?: number
  /** Takes minutes rather than seconds. */
  readonly slow?: boolean
  readonly accept?: string
  /** What of the request must stand in no log and no message. */
  readonly hidden?: readonly string[]
  readonly signal?: AbortSignal | undefined
}

export type NodeReply = Extract<HttpsReply, { kind: 'answer' }>
