import { describe, expect, it } from 'vitest'
import { looksLikeEvidenceZip, readEvidenceZip } from '#codecs/evidence-zip'
import { inspectFile } from '#codecs/inspect'
import { opiJournal } from './statement-opi-samples.ts'
import { zipOf } from './zip-samples.ts'

const JOURNAL = opiJournal([{ amount: '215.00', bolletta: 7 }])

describe('an archive of flows, receipts and statements', () => {
  it('gives its files in order, by names that are only names, without what systems add', async () => {
    const zip = zipOf([
      ['../../etc/passwd.xml', 'uno'],
      ['C:\\temp\\due.csv', 'due'],
      ['__MACOSX/._due.csv', 'x'],
      ['marzo/.DS_Store', 'x'],
      ['marzo/', ''],
    ])
    expect(looksLikeEvidenceZip(zip)).toBe(true)
    const archive = readEvidenceZip(zip)
    if (!archive.ok) throw new Error(archive.error.code)
    expect(archive.value.map((e) => e.name)).toEqual(['passwd.xml', 'due.csv'])
    const read = await Promise.all(archive.value.map((e) => e.bytes()))
    expect(read.map((r) => r.ok && Buffer.from(r.value).toString())).toEqual(['uno', 'due'])
  })

  it('reads the good files beside a broken one', async () => {
    const zip = zipOf([
      ['uno.xml', JOURNAL],
      ['due.zip', zipOf([['tre.xml', JOURNAL]])],
    ])
    const { kind, entries, problems } = await inspectFile('prova.zip', zip)
    expect(kind).toBe('archive')
    expect(entries).toMatchObject([
      { name: 'uno.xml', kind: 'bankStatement', profile: 'opi-giornale-di-cassa' },
      { name: 'due.zip', kind: 'unknown' },
    ])
    expect(problems.map((p) => p.code)).toEqual(['ARCHIVE_NESTED'])
  })

  it('refuses more files than a person would send', () => {
    const many = readEvidenceZip(zipOf(Array.from({ length: 5001 }, (_, i) => [`${i}.xml`, ''] as const)))
    expect(many.ok).toBe(false)
    expect(!many.ok && many.error.code).toBe('ARCHIVE_LIMIT')
  })
})
