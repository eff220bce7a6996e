// Draws or merges as many notices as asked in a process of its own and prints its largest resident size in megabytes.
import { readFileSync } from 'node:fs'
import { mergeNotices } from '#codecs/pdf/merge'
import { drawNotice, prepareNoticeKit } from '#codecs/pdf/notice-kit'
import { INFO, INPUT, notice } from './sample.ts'

const [, , what, text] = process.argv
const count = Number(text)
const kit = prepareNoticeKit(INPUT)
let bytes = 0
if (what === 'one') {
  for (let n = 0; n < count; n++) bytes += drawNotice(notice(n), kit).length
} else {
  const all = function* () {
    for (let n = 0; n < count; n++) yield { notice: notice(n) }
  }
  for await (const chunk of mergeNotices(all(), kit, INFO)) bytes += chunk.length
}
console.log(JSON.stringify({ bytes, rss: Math.round(largest() / 1024) }))

/** Kilobytes. Linux hands the parent's peak on as `maxRSS` of a child; the process's own stands in /proc. */
function largest(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1])
}
