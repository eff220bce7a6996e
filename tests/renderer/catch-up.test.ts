import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { catchUp } from '../../src-renderer/catch-up.ts'

describe('what is on screen follows the ledger', () => {
  it('reads nothing again for the revision it was drawn at', async () => {
    let read = 0
    const caughtUp = catchUp(async () => (read += 1))
    caughtUp(7)
    await sleep(0)
    expect(read).toBe(0)
    caughtUp(8)
    await sleep(0)
    expect(read).toBe(1)
  })

  it('reads once more for all that came while it was reading, and after the last', async () => {
    const at: number[] = []
    let revision = 0
    const caughtUp = catchUp(async () => {
      at.push(revision)
      await sleep(20)
    })
    for (revision = 1; revision <= 1000; revision += 1) caughtUp(revision)
    revision = 1000
    await expect.poll(() => at).toEqual([2, 1000])
    await sleep(60)
    expect(at).toEqual([2, 1000])
  })

  it('goes on after a reading that failed', async () => {
    let read = 0
    const caughtUp = catchUp(() => {
      read += 1
      return Promise.reject(new Error('gone'))
    })
    caughtUp(1)
    caughtUp(2)
    await sleep(0)
    caughtUp(3)
    await sleep(0)
    expect(read).toBe(2)
  })
})
