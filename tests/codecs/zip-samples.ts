import { crc32, deflateRawSync } from 'node:zlib'

/** A zip of those files, names as given: no library would write some of them. */
export function zipOf(files: readonly (readonly [string, string | Uint8Array])[]): Buffer {
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
