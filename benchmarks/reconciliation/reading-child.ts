// One measure of reading in a process of its own: `walk` (saxes alone) and `read` time passes over the same bytes after a
// first one that is not counted, `memory` reads once from disk. Prints JSON.
import { createReadStream, readFileSync } from 'node:fs'
import { SaxesParser } from 'saxes'
import { readReportingFlow } from '#codecs/flow-xml'
import type { ReportingFlowReading } from '#domain/reporting-flow'

const PASSES = 8
const CHUNK = 64 * 1024
const [, , what, path, rows] = process.argv as [string, string, string, string, string]

if (what === 'memory') {
  const floor = largest()
  whole(await readReportingFlow(createReadStream(path)))
  console.log(JSON.stringify({ rss: largest(), floor }))
} else {
  const bytes = readFileSync(path)
  const work = what === 'walk' ? () => walk(bytes) : async () => whole(await readReportingFlow(bytes))
  await work()
  const passes: { time: number; cpu: number }[] = []
  for (let pass = 0; pass < PASSES; pass += 1) {
    const before = process.cpuUsage()
    const from = performance.now()
    await work()
    const time = performance.now() - from
    const { user, system } = process.cpuUsage(before)
    passes.push({ time, cpu: (user + system) / 1000 })
  }
  console.log(JSON.stringify(passes))
}

/** Elements counted, texts measured, nothing kept. */
function walk(bytes: Uint8Array): void {
  const parser = new SaxesParser({ xmlns: false, position: true })
  let [elements, characters] = [0, 0]
  parser.on('opentag', (tag) => {
    characters += tag.name.length
  })
  parser.on('closetag', () => {
    elements += 1
  })
  parser.on('text', (text) => {
    characters += text.length
  })
  const decoder = new TextDecoder('utf-8', { fatal: true })
  for (let at = 0; at < bytes.length; at += CHUNK) {
    parser.write(decoder.decode(bytes.subarray(at, at + CHUNK), { stream: true }))
  }
  parser.close()
  if (elements < 7 * Number(rows) || characters === 0) throw new Error('the flow was not walked whole')
}

function whole({ flow, problems }: ReportingFlowReading): void {
  if (problems.length > 0 || flow.rows.length !== Number(rows)) throw new Error('the flow was not read whole')
}

/** Megabytes. Linux hands the parent's peak on as `maxRSS` of a child; the process's own stands in /proc. */
function largest(): number {
  if (process.platform !== 'linux') return Math.round(process.resourceUsage().maxRSS / 1024)
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024)
}
