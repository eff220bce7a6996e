import { Buffer } from 'node:buffer'
import type { ReportingFlowReading } from '#domain/reporting-flow'
import { readReportingFlowJson } from './flow-json.ts'
import { type FlowOptions, readReportingFlow } from './flow-xml.ts'
import { type ByteSource, chunksOf } from './refusal.ts'

/** Reads a flow of either form, told apart by its first character: FlussoRiversamento in XML, or the JSON of the service. */
export async function readFlow(source: ByteSource, options: FlowOptions = {}): Promise<ReportingFlowReading> {
  const chunks = chunksOf(source)[Symbol.asyncIterator]()
  const first = await chunks.next()
  if (first.done) return readReportingFlow(new Uint8Array(0), options)
  async function* all(): AsyncGenerator<Uint8Array> {
    yield first.value as Uint8Array
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value
  }
  return looksLikeJson(first.value) ? readReportingFlowJson(all(), options) : readReportingFlow(all(), options)
}

/** An object or an array of objects; an MT940 message, which begins with a brace as well, is none. */
export function looksLikeJson(head: Uint8Array): boolean {
  const text = Buffer.from(head.subarray(0, 256))
    .toString('latin1')
    .replace(/^\u00EF\u00BB\u00BF/, '')
  return /^\s*(?:\{\s*["}]|\[\s*[{\]])/.test(text)
}

/** A document in JSON that speaks of flows or of payments in them. */
export function looksLikeFlowJson(bytes: Uint8Array): boolean {
  if (!looksLikeJson(bytes)) return false
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return whole.includes('"fdr"') || whole.includes('"iuv"')
}
