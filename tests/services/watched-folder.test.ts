import { appendFileSync, copyFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { call } from '@orpc/server'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeReportingFlow } from '#codecs/flow-xml-write'
import { listWatchedFolders } from '#ledger/watched-folder'
import { reportingFlow } from '#services/reporting-flow'
import { scanFolder, watchedFolder } from '#services/watched-folder'
import { CollectionOffice, flowOf, RECEIVER } from './support/collection-office.ts'
import { paSendRt } from './support/receipt-files.ts'

const F1 = '2026-03-02AAAAITM1XXX-0001'
const F2 = '2026-03-03AAAAITM1XXX-0002'

let office: CollectionOffice
beforeEach(async () => {
  office = await CollectionOffice.open()
})
afterEach(() => office.close())

const ctx = () => ({ context: office.ctx })
const flows = async () => (await call(reportingFlow.list, { filters: {} }, ctx())).count

async function watch(name: string, after: 'keep' | 'move') {
  const folder = await office.folder(name)
  const kinds: ('flow' | 'receipt')[] = ['flow', 'receipt']
  await call(watchedFolder.save, { id: null, folder: folder.token, kinds, active: true, after }, ctx())
  const row = (await office.ledger.read(listWatchedFolders)).find((f) => f.folder === folder.token)
  return { path: folder.path, row: row as NonNullable<typeof row> }
}

test('a file is taken once it stops growing, moved, and never taken twice, whatever its name', async () => {
  const { path, row } = await watch('arrivi', 'move')
  const a = await office.quota(18000)
  const xml = Buffer.from(writeReportingFlow(flowOf(F1, [[a.iuv, 18000]])))
  const seen = new Map<string, string>()
  writeFileSync(join(path, 'flusso.xml'), xml.subarray(0, 200))
  expect(await scanFolder(office.ctx, row, seen)).toMatchObject({ added: 0, refused: 0, waiting: 1 })
  appendFileSync(join(path, 'flusso.xml'), xml.subarray(200))
  expect(await scanFolder(office.ctx, row, seen)).toMatchObject({ added: 0, refused: 0, waiting: 1 })
  expect(await scanFolder(office.ctx, row, seen)).toEqual({ added: 1, already: 0, refused: 0, waiting: 0 })
  expect(await flows()).toBe(1)
  expect(readdirSync(join(path, 'letti'))).toEqual(['flusso.xml'])
  copyFileSync(join(path, 'letti', 'flusso.xml'), join(path, 'copia.xml'))
  await scanFolder(office.ctx, row, seen)
  expect(await scanFolder(office.ctx, row, seen)).toMatchObject({ added: 0, already: 1 })
  expect(await flows()).toBe(1)
  expect(readdirSync(join(path, 'letti')).sort()).toEqual(['copia.xml', 'flusso.xml'])
})

test('what is refused goes apart with its reason; the same name never replaces another file', async () => {
  const { path, row } = await watch('arrivi', 'move')
  for (const text of ['<a>uno</a>', '<a>due</a>']) {
    writeFileSync(join(path, 'strano.xml'), text)
    const seen = new Map<string, string>()
    await scanFolder(office.ctx, row, seen)
    expect(await scanFolder(office.ctx, row, seen)).toMatchObject({ refused: 1 })
  }
  expect(readdirSync(join(path, 'rifiutati')).sort()).toEqual(['strano (2).xml', 'strano.xml'])
  const { folders, files } = await call(watchedFolder.list, undefined, ctx())
  expect(folders[0]?.note).toBe('Rifiutati: strano.xml.')
  expect(files.map((f) => [f.name, f.outcome, f.problems[0]?.code])).toEqual([
    ['strano.xml', 'refused', 'INTAKE_UNKNOWN'],
    ['strano.xml', 'refused', 'INTAKE_UNKNOWN'],
  ])
})

test('kept in place, files are read once also by a program that starts anew; a statement waits where it is', async () => {
  const { path, row } = await watch('arrivi', 'keep')
  const a = await office.quota(18000)
  writeFileSync(join(path, 'flusso.xml'), writeReportingFlow(flowOf(F2, [[a.iuv, 18000]])))
  writeFileSync(join(path, 'ricevuta.xml'), paSendRt({ iuv: a.iuv, cents: 18000, creditor: RECEIVER }))
  writeFileSync(join(path, 'banca.csv'), 'Data;Descrizione;Importo\n02/03/2026;BONIFICO;180,00\n')
  const first = new Map<string, string>()
  await scanFolder(office.ctx, row, first)
  expect(await scanFolder(office.ctx, row, first)).toEqual({ added: 2, already: 0, refused: 0, waiting: 1 })
  // A kill after the write and before anything else leaves exactly this: known content, file in its place.
  const anew = new Map<string, string>()
  await scanFolder(office.ctx, row, anew)
  expect(await scanFolder(office.ctx, row, anew)).toEqual({ added: 0, already: 2, refused: 0, waiting: 1 })
  expect(await flows()).toBe(1)
  expect(existsSync(join(path, 'banca.csv'))).toBe(true)
  const { folders } = await call(watchedFolder.list, undefined, ctx())
  expect(folders[0]?.note).toMatch(/estratto conto aspetta/)
  expect(await office.equations()).toEqual([])
})
