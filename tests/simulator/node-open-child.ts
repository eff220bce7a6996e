import { systemClock } from '#hosts/clock'
import { systemRandom } from '#hosts/random'
import { openRehearsalNode } from '#simulator/node/server'

/** A rehearsal node in the folder of its argument, until it is killed; says where it is and its key on one line. */
const folder = process.argv[2] as string
const node = await openRehearsalNode({ folder, clock: systemClock(), random: systemRandom })
process.stdout.write(`${JSON.stringify({ origin: node.origin, key: node.keys.gpd })}\n`)
