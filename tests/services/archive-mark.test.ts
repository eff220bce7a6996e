import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { call } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { epochMsOf, instantOf } from '#domain/date'
import { FakeClock } from '#hosts/clock'
import { openBackend } from '../../src-main/hosts/backend.ts'
import { ledgerFileOf } from '../../src-main/hosts/data-folder.ts'
import { campaign } from '../../src-main/services/campaign.ts'
import { delivery } from '../../src-main/services/delivery.ts'
import { members, type Office, openOffice } from './office.ts'
import { type PostOffice, postOffice, saveAccount, sending } from './support/sending.ts'

let clock: FakeClock
let office: Office
let post: PostOffice
const closers: (() => Promise<unknown>)[] = []
const { start, summary, goOn, list, states } = sending(() => office)

beforeEach(async () => {
  clock = new FakeClock()
  office = await openOffice(clock)
  post = await postOffice()
  closers.push(post.close)
  await office.raise(members(3))
  await office.generate()
})
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
  await office.close()
})

const resume = (id: number) => call(campaign.resume, { id: id as never }, { context: office.context })

/** A campaign for tomorrow, a copy of the archive, then tomorrow. */
async function sentAfterBackup() {
  const { id: emailAccountId } = await saveAccount(office, post.port)
  const startAt = instantOf(clock.epochMs() + 3_600_000)
  const { campaign: begun } = await start({ emailAccountId, startAt })
  const copy = await office.context.ledger.backup(join(office.folder, 'consegne'))
  clock.moveTo(instantOf(epochMsOf(startAt) + 60_000))
  await goOn()
  expect(post.mails).toHaveLength(3)
  await office.backend.close()
  return { id: begun.id, copy: copy.file }
}

/** As a person does it: the program is closed, the copy takes the place of the archive. */
async function restore(copy: string) {
  const file = ledgerFileOf(office.folder)
  for (const end of ['-wal', '-shm']) await rm(`${file}${end}`, { force: true })
  await copyFile(copy, file)
  office = await office.restart()
}

describe('a backup that takes the place of the archive', () => {
  it('sends nothing again by itself: the campaign waits, with what to check, until «Riprendi»', async () => {
    const { id, copy } = await sentAfterBackup()
    await restore(copy)
    await goOn()
    expect(post.mails).toHaveLength(3)
    const held = await summary(id)
    expect(held.state).toBe('stopped')
    expect(held.reason).toContain('ripristinata una copia di sicurezza')
    expect(held.reason).toContain('«Riprendi»')
    // Nor later, nor when the program is opened once more.
    office = await office.restart()
    clock.advance(86_400_000)
    await goOn()
    expect(post.mails).toHaveLength(3)
    expect((await summary(id)).state).toBe('stopped')
    // One that is asked for again does not let the others go.
    const [first] = await list()
    await call(delivery.retry, { ids: [first?.id] } as never, { context: office.context })
    await goOn()
    expect(post.mails).toHaveLength(3)
    await resume(id)
    await goOn()
    expect(post.mails).toHaveLength(6)
    expect((await summary(id)).state).toBe('finished')
  })

  it('is held also where it was paused when the copy was made', async () => {
    const { id: emailAccountId } = await saveAccount(office, post.port)
    const { campaign: begun } = await start({ emailAccountId, startAt: instantOf(clock.epochMs() + 3_600_000) })
    await call(campaign.pause, { id: begun.id }, { context: office.context })
    const copy = await office.context.ledger.backup(join(office.folder, 'consegne'))
    await resume(begun.id)
    clock.advance(7_200_000)
    await goOn()
    expect(post.mails).toHaveLength(3)
    await office.backend.close()
    await restore(copy.file)
    await goOn()
    expect(await summary(begun.id)).toMatchObject({ state: 'stopped' })
    expect(post.mails).toHaveLength(3)
  })
})

describe('an archive opened elsewhere', () => {
  it.each(['copy', 'whole folder'])('is held: %s', async (what) => {
    const { id, copy } = await sentAfterBackup()
    const elsewhere = await mkdtemp(join(tmpdir(), 'quietanza-altrove-'))
    closers.push(() => rm(elsewhere, { recursive: true, force: true }))
    await copyFile(copy, ledgerFileOf(elsewhere))
    if (what === 'whole folder') {
      // Also the mark, as it was when the copy was made: all that it names stands in the copy.
      const mark = JSON.parse(await readFile(`${ledgerFileOf(office.folder)}.visto`, 'utf8')) as { place: string }
      await writeFile(
        `${ledgerFileOf(elsewhere)}.visto`,
        JSON.stringify({ seq: 0, hash: '0'.repeat(64), place: mark.place }),
      )
    }
    const backend = await openBackend({ folder: elsewhere, fileSecretsOnly: true, clock })
    closers.unshift(() => backend.close())
    await backend.context.outbox.idle()
    const held = await call(campaign.get, { id }, { context: backend.context })
    expect(held.state).toBe('stopped')
    expect(held.reason).toContain('mai stato al lavoro su questo computer')
    expect(post.mails).toHaveLength(3)
    office = await office.restart()
  })
})

describe('the archive itself', () => {
  it('goes on by itself when the program is opened again, and after a death that left the mark behind', async () => {
    const { id: emailAccountId } = await saveAccount(office, post.port)
    const startAt = instantOf(clock.epochMs() + 3_600_000)
    const mark = `${ledgerFileOf(office.folder)}.visto`
    const early = await readFile(mark)
    const { campaign: begun } = await start({ emailAccountId, startAt })
    await office.backend.close()
    await writeFile(mark, early)
    office = await office.restart()
    clock.moveTo(instantOf(epochMsOf(startAt) + 60_000))
    await goOn()
    expect(post.mails).toHaveLength(3)
    expect((await summary(begun.id)).state).toBe('finished')
    expect(await states()).toEqual(['sent', 'sent', 'sent'])
  })

  it('is marked before the message leaves', async () => {
    const { id: emailAccountId } = await saveAccount(office, post.port)
    const seen: number[] = []
    const { write, ...rest } = office.context.archiveMark
    expect(rest.place).toContain(office.folder)
    const spied = office.context.archiveMark as { write: typeof write }
    spied.write = async (one) => {
      seen.push(post.mails.length)
      await write(one)
    }
    await start({ emailAccountId })
    // One mark at least before each of the three.
    expect([0, 1, 2].every((n) => seen.includes(n))).toBe(true)
  })
})
