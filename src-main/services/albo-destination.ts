import type { z } from 'zod'
import type { alboDestination as contract } from '#contract/albo'
import type { FolderToken } from '#domain/ports'
import { ProblemError, problem, problemText } from '#domain/problem'
import { lastAlboExport } from '#ledger/albo'
import {
  type AlboDestination,
  listAlboDestinations,
  retireAlboDestination,
  saveAlboDestination,
} from '#ledger/albo-destination'
import { keptNews, needDestination, newRowsFor } from './albo-write-back.ts'
import { command } from './command.ts'
import { os, type ServiceContext } from './context.ts'
import { fileServerOf, needFileAccount } from './file-account.ts'

function out({ active: _active, ...destination }: AlboDestination, waiting: number) {
  return { ...destination, waiting }
}

type Place = Pick<AlboDestination, 'way' | 'folder' | 'fileAccountId'>

/** Where it is, in words. @throws ProblemError where the way wants a place that is not there */
async function placeOf(context: ServiceContext, { way, folder, fileAccountId }: Place): Promise<string> {
  if (way === 'download') return ''
  if (way === 'folder') {
    if (folder === null) throw new ProblemError(problem('ALBO_DESTINATION_PLACE', { what: 'la cartella' }))
    return context.folders.describe(folder)
  }
  if (fileAccountId === null) throw new ProblemError(problem('ALBO_DESTINATION_PLACE', { what: 'il server di file' }))
  return (await needFileAccount(context, fileAccountId)).name
}

type Steps = z.infer<NonNullable<(typeof contract)['test']['~orpc']['outputSchema']>>['steps']

/** A folder is tried by writing and removing a probe; a server by its own steps. */
async function probe(context: ServiceContext, place: Place): Promise<Steps> {
  if (place.way === 'server') {
    const account = await needFileAccount(context, place.fileAccountId)
    const { steps } = await context.fileServers.probe(await fileServerOf(context, account))
    return steps.map((step) => ({ ...step }))
  }
  const from = performance.now()
  const step = (ok: boolean, text: string) => [
    { step: 'Scrivo e tolgo un file di prova', ok, ms: Math.round(performance.now() - from), text },
  ]
  try {
    const room = await context.folders.check(place.folder as FolderToken)
    return step(room.ok, room.ok ? 'La cartella si può scrivere.' : room.reason)
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    return step(false, error.problems.map(problemText).join(' '))
  }
}

export const alboDestination = {
  list: os.alboDestination.list.handler(({ context }) =>
    context.ledger.read(async (db) => {
      const active = (await listAlboDestinations(db)).filter((destination) => destination.active)
      return Promise.all(
        active.map(async (destination) => out(destination, (await keptNews(db, destination.id)).length)),
      )
    }),
  ),

  save: os.alboDestination.save.handler(async ({ context, input }) => {
    const { id, from, ...values } = input
    const place = await placeOf(context, values)
    const kept = {
      ...values,
      place,
      folder: values.way === 'folder' ? values.folder : null,
      fileAccountId: values.way === 'server' ? values.fileAccountId : null,
      automatic: values.way !== 'download' && values.automatic,
    }
    return context.ledger.write(command(context, 'alboDestination.save', { id, from, ...kept }), async (db) => {
      if (id !== null) await needDestination(db, id)
      const twin = (await listAlboDestinations(db)).find(
        (d) => d.active && d.id !== id && d.name.toLowerCase() === values.name.toLowerCase(),
      )
      if (twin !== undefined) throw new ProblemError(problem('ALBO_DESTINATION_NAME', { name: values.name }))
      const handedOver = from === 'handedOver' ? await lastAlboExport(db) : null
      const mark = handedOver ?? { lastWriteBackId: 0, lastAnnulmentId: 0 }
      const saved = await saveAlboDestination(db, id, kept, mark)
      return out(await needDestination(db, saved), (await newRowsFor(db, saved)).rows.length)
    })
  }),

  remove: os.alboDestination.remove.handler(({ context, input }) =>
    context.ledger.write(command(context, 'alboDestination.remove', input), async (db) => {
      await needDestination(db, input.id)
      await retireAlboDestination(db, input.id)
      return { id: input.id }
    }),
  ),

  test: os.alboDestination.test.handler(async ({ context, input }) => {
    await placeOf(context, input)
    return { steps: input.way === 'download' ? [] : await probe(context, input) }
  }),
}
