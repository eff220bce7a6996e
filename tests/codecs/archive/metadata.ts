import { PDFDict, PDFRawStream } from 'pdf-lib'
import { SaxesParser } from 'saxes'
import { type ArchiveFile, decoded } from './file.ts'

const PREDEFINED = new Set([
  'dc:title',
  'dc:creator',
  'dc:description',
  'xmp:CreatorTool',
  'pdf:Producer',
  'pdfaid:part',
  'pdfaid:conformance',
])

/** ISO 19005-2 §6.6 and ISO 14289-1 §5, §7.1: well-formed XMP, equal to the Info dictionary, claims of the right form. */
export function metadataFaults(file: ArchiveFile, faults: string[]): { tagged: boolean } {
  const stream = file.get(file.catalog, 'Metadata')
  if (!(stream instanceof PDFRawStream)) {
    faults.push('no metadata')
    return { tagged: false }
  }
  if (file.name(stream.dict, 'Type') !== 'Metadata' || file.name(stream.dict, 'Subtype') !== 'XML')
    faults.push('metadata of another type')
  if (file.get(stream.dict, 'Filter')) faults.push('compressed metadata')
  const packet = decoded(stream).toString('utf8')
  const head = /^<\?xpacket ([^?]*)\?>/.exec(packet)?.[1] ?? ''
  if (!head.includes('W5M0MpCehiHzreSzNTczkc9d') || /bytes=|encoding=/.test(head))
    faults.push('metadata with another header')
  if (!/<\?xpacket end="[rw]"\?>$/.test(packet)) faults.push('metadata without end')
  const properties = propertiesOf(packet)
  for (const name of properties.keys()) {
    if (!PREDEFINED.has(name) && name !== 'pdfuaid:part' && name !== 'pdfaExtension:schemas')
      faults.push(`property ${name}`)
  }
  const tagged = properties.get('pdfaid:conformance') === 'A'
  if (properties.get('pdfaid:part') !== '2') faults.push('no claim of part 2')
  if (!tagged && properties.get('pdfaid:conformance') !== 'U') faults.push('no claim of conformance')
  if ((properties.get('pdfuaid:part') === '1') !== tagged) faults.push('PDF/UA and tags differ')
  if (
    properties.has('pdfuaid:part') &&
    !properties.get('pdfaExtension:schemas')?.includes('http://www.aiim.org/pdfua/ns/id/')
  )
    faults.push('pdfuaid is not described')
  const info = file.document.context.lookup(file.document.context.trailerInfo.Info)
  if (!(info instanceof PDFDict)) {
    faults.push('no Info')
    return { tagged }
  }
  const twins = {
    Title: 'dc:title',
    Author: 'dc:creator',
    Subject: 'dc:description',
    Creator: 'xmp:CreatorTool',
    Producer: 'pdf:Producer',
  }
  for (const [key, property] of Object.entries(twins)) {
    const [one, other] = [file.text(info, key), properties.get(property) ?? null]
    if (one !== other) faults.push(`${key} «${one}», ${property} «${other}»`)
  }
  if (!file.text(info, 'Title')) faults.push('no title')
  for (const key of info.keys()) if (!(key.decodeText() in twins)) faults.push(`Info with ${key.decodeText()}`)
  return { tagged }
}

/** Text of each property of the packet, by prefixed name. */
function propertiesOf(packet: string): Map<string, string> {
  const found = new Map<string, string>()
  const path: string[] = []
  const parser = new SaxesParser({ xmlns: true })
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name }) => path.push(name))
  parser.on('text', (text) => {
    const [, , , property] = path
    if (property !== undefined) found.set(property, (found.get(property) ?? '') + text.trim())
  })
  parser.on('closetag', () => path.pop())
  parser.write(packet.replace(/^\ufeff/, '')).close()
  return found
}
