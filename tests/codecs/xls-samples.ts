/** A record of MS-XLS: kind, length, content. */
export function biff(type: number, ...content: readonly Buffer[]): Buffer {
  const data = Buffer.concat(content)
  const head = Buffer.alloc(4)
  head.writeUInt16LE(type, 0)
  head.writeUInt16LE(data.length, 2)
  return Buffer.concat([head, data])
}

/** Characters of one byte, their flag before them. */
export function text(value: string): Buffer {
  return Buffer.concat([Buffer.from([0]), Buffer.from(value, 'latin1')])
}

export function wide(value: string): Buffer {
  return Buffer.from(value, 'utf16le')
}

/** A workbook of one sheet with these cells, and these records of the whole book. */
export function xlsOf(cells: readonly Buffer[], globals: readonly Buffer[] = [], version = 0x600): Buffer {
  const bof = (kind: number) => {
    const data = Buffer.alloc(16)
    data.writeUInt16LE(version, 0)
    data.writeUInt16LE(kind, 2)
    return biff(0x809, data)
  }
  const sheet = (at: number) => {
    const head = Buffer.alloc(6)
    head.writeUInt32LE(at, 0)
    return biff(0x85, head, Buffer.from([2]), text('F1'))
  }
  const before = [bof(5), ...globals]
  const at = Buffer.concat([...before, sheet(0), biff(0x0a)]).length
  return compound('Workbook', Buffer.concat([...before, sheet(at), biff(0x0a), bof(0x10), ...cells, biff(0x0a)]))
}

/** The smallest compound file with one stream: header, table of sectors, directory, content. */
export function compound(name: string, content: Buffer): Buffer {
  const stream = Buffer.alloc(Math.ceil(Math.max(content.length, 4096) / 512) * 512)
  content.copy(stream)
  const header = Buffer.alloc(512)
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(header)
  header.writeUInt16LE(9, 0x1e)
  header.writeUInt16LE(6, 0x20)
  header.writeUInt32LE(1, 0x2c)
  header.writeUInt32LE(1, 0x30)
  header.writeUInt32LE(4096, 0x38)
  header.writeUInt32LE(0xfffffffe, 0x3c)
  header.writeUInt32LE(0xfffffffe, 0x44)
  header.fill(0xff, 0x4c)
  header.writeUInt32LE(0, 0x4c)
  const fat = Buffer.alloc(512, 0xff)
  fat.writeUInt32LE(0xfffffffd, 0)
  fat.writeUInt32LE(0xfffffffe, 4)
  const sectors = stream.length / 512
  for (let i = 0; i < sectors; i += 1) fat.writeUInt32LE(i === sectors - 1 ? 0xfffffffe : i + 3, (i + 2) * 4)
  const directory = Buffer.alloc(512)
  const entry = (at: number, title: string, type: number, start: number, size: number) => {
    directory.write(title, at, 'utf16le')
    directory.writeUInt16LE(title.length * 2 + 2, at + 64)
    directory[at + 66] = type
    directory.writeUInt32LE(start, at + 116)
    directory.writeUInt32LE(size, at + 120)
  }
  entry(0, 'Root Entry', 5, 0xfffffffe, 0)
  entry(128, name, 2, 2, stream.length)
  return Buffer.concat([header, fat, directory, stream])
}

/** Texts and numbers, row by row from the first, as the cells of a sheet; `merged` are rows and columns from 0, ends included. */
export function sheetCells(
  rows: readonly (readonly (string | number)[])[],
  merged: readonly (readonly [top: number, bottom: number, left: number, right: number])[] = [],
): Buffer[] {
  const words = (...values: readonly number[]) => {
    const bytes = Buffer.alloc(values.length * 2)
    for (const [i, value] of values.entries()) bytes.writeUInt16LE(value, i * 2)
    return bytes
  }
  const cells = rows.flatMap((row, r) =>
    row.map((value, c) => {
      if (typeof value === 'number') {
        const bytes = Buffer.alloc(8)
        bytes.writeDoubleLE(value)
        return biff(0x203, words(r, c, 0), bytes)
      }
      return biff(0x204, words(r, c, 0, value.length), Buffer.from([1]), wide(value))
    }),
  )
  return merged.length === 0 ? cells : [...cells, biff(0xe5, words(merged.length, ...merged.flat()))]
}
