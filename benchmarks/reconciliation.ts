// How fast reconciliation is, part by part, each beside a floor or a peer of the same run: reading flows, and what the
// other files of `reconciliation/` measure. `QUIETANZA_BENCH_PARTS=reading` runs only those named. Prints a table for each
// part, then one JSON line with all the ratios; exit code 1 when a target was missed.
import { decision } from './reconciliation/decision.ts'
import { matching } from './reconciliation/matching.ts'
import type { Part, PartResult } from './reconciliation/part.ts'
import { posting } from './reconciliation/posting.ts'
import { reading } from './reconciliation/reading.ts'

const PARTS: readonly Part[] = [reading, matching, decision, posting]

const asked = process.env.QUIETANZA_BENCH_PARTS?.split(',') ?? PARTS.map((part) => part.name)
const results: { readonly name: string; readonly result: PartResult }[] = []
for (const part of PARTS.filter((p) => asked.includes(p.name))) {
  console.log(part.title)
  const result = await part.run()
  for (const line of result.table) console.log(`  ${line}`)
  for (const { what, value, most } of result.targets) {
    const met = value <= most ? 'raggiunto' : 'MANCATO'
    console.log(`  ${what.padEnd(56)} ${value.toFixed(2).padStart(8)}  al più ${most}: ${met}`)
  }
  results.push({ name: part.name, result })
}
const parts = results.map(({ name, result }) => ({
  part: name,
  ...result.figures,
  targets: result.targets.map((t) => ({ ...t, value: Math.round(t.value * 100) / 100, met: t.value <= t.most })),
}))
console.log(JSON.stringify({ benchmark: 'reconciliation', parts }))
process.exit(parts.every((p) => p.targets.every((t) => t.met)) ? 0 : 1)
