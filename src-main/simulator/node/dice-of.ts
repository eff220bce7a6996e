import { createHash } from 'node:crypto'
import type { Next } from '../dice.ts'

/** Chance that depends on a name alone: the same name throws the same numbers whatever else happens, and whenever. */
export function diceOf(name: string): Next {
  let throws = 0
  return () => {
    throws += 1
    return createHash('sha256').update(`${name}\n${throws}`).digest().readUInt32BE(0) / 2 ** 32
  }
}
