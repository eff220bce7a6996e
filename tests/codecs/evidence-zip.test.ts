import { crc32, deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { looksLikeEvidenceZip, readEvidenceZip } from '#codecs/evidence-zip'
import { inspectFile } from '#codecs/inspect'
import { opiJournal } from './statement-opi-samples.ts'

/** A zip of those files, names as given: no library would write some of them. */
function zipOf(files: readonly (readonly [string, string | Uint8Array])[]): Buffer {
  const local: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const [path, content] of files) {
    const [name, bytes] = [Buffer.from(path), Buffer.from(content as string)]
    const data = deflateRawSync(bytes)
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE(8, 4)
    fields.writeUInt32LE(crc32(bytes), 10)
    fields.writeUInt32LE(data.length, 14)
    fields.writeUInt32LE(bytes.length, 18)
    fields.writeUInt16LE(name.length, 22)
    const offset = Buffer.alloc(14)
    offset.writeUInt32LE(at, 10)
    const header = Buffer.concat([Buffer.from('PK\x03\x04'), fields, name, data])
    local.push(header)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), fields, offset, name]))
    at += header.length
  }
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 0, 'latin1')
  end.writeUInt16LE(files.length, 8)
  end.writeUInt16LE(files.length, 10)
  end.writeUInt32LE(Buffer.concat(directory).length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...local, ...directory, end])
}

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
