import { PDFArray, PDFDict, PDFHexString, PDFName, PDFNumber, PDFRawStream, PDFString } from 'pdf-lib'
import { ArchiveFile, decoded } from './file.ts'
import type { FontFacts } from './fonts.ts'
import { metadataFaults } from './metadata.ts'
import { pageFaults } from './pages.ts'
import { profileFaults } from './profile.ts'
import { structureFaults } from './structure.ts'

/**
 * What of PDF/A-2 (ISO 19005-2) and, where a file claims it, of PDF/UA-1 (ISO 14289-1) a file breaks, rule by rule as far
 * as our papers can touch them; empty for a good one. No validator stands in the registry, so the rules stand here.
 */
export async function archiveFaults(bytes: Uint8Array): Promise<string[]> {
  const file = await ArchiveFile.open(bytes)
  const faults: string[] = []
  bytesFaults(file, faults)
  objectFaults(file, faults)
  catalogFaults(file, faults)
  const { tagged } = metadataFaults(file, faults)
  const fonts = new Map<PDFDict, FontFacts | null>()
  const marks = new Map()
  for (const page of file.document.getPages()) {
    const key = file.number(page.node, 'StructParents')
    marks.set(page.ref, { key, marks: pageFaults(file, page, tagged, fonts, faults) })
  }
  if (tagged) {
    const info = file.dict(file.catalog, 'MarkInfo')
    if (info === null || !file.flag(info, 'Marked') || file.flag(info, 'Suspects')) faults.push('not marked')
    structureFaults(file, marks, faults)
  } else if (file.get(file.catalog, 'StructTreeRoot')) faults.push('tags without claim')
  return [...new Set(faults)]
}

/** §6.1: header, end, identifier, forms of objects and streams, filters. */
function bytesFaults(file: ArchiveFile, faults: string[]): void {
  const text = file.latin
  if (!/^%PDF-1\.[0-7]\n%[\x80-\xff]{4}/.test(text)) faults.push('another header')
  if (!/\nstartxref\n\d+\n%%EOF\n?$/.test(text)) faults.push('another end')
  const start = Number(/startxref\n(\d+)\n%%EOF\n?$/.exec(text)?.[1])
  if (!/^\d+ 0 obj\n<<\/Type\/XRef/.test(text.slice(start, start + 40))) faults.push('startxref points elsewhere')
  const { ID, Encrypt } = file.document.context.trailerInfo
  const parts = ID instanceof PDFArray ? ID.asArray() : []
  if (parts.length !== 2 || !parts.every((id) => id instanceof PDFHexString && id.asBytes().length === 16))
    faults.push('no file identifier')
  if (Encrypt) faults.push('encrypted')
}

function objectFaults(file: ArchiveFile, faults: string[]): void {
  const text = file.latin
  for (const [reference, stream] of file.streams()) {
    const { dict } = stream
    for (const filter of file.items(dict, 'Filter')) {
      if (filter !== PDFName.of('FlateDecode')) faults.push(`filter ${filter}`)
    }
    for (const key of ['F', 'FFilter', 'FDecodeParms']) if (file.get(dict, key)) faults.push(`stream with ${key}`)
    // `Length` is what stands between the two words, ends of line not counted.
    const at = text.indexOf(`\n${reference.objectNumber} 0 obj\n`)
    const head = text.indexOf('stream\n', at) + 7
    const length = file.number(dict, 'Length') ?? -1
    if (text.slice(head + length, head + length + 18) !== '\nendstream\nendobj\n')
      faults.push(`stream ${reference} of another length`)
  }
  if (file.objects.length > 8_388_607) faults.push('too many objects')
  const visit = (object: unknown): void => {
    if (object instanceof PDFString || object instanceof PDFHexString) {
      if (object.asBytes().length > 32_767) faults.push('a string too long')
    } else if (object instanceof PDFNumber) {
      if (Math.abs(object.asNumber()) > 2_147_483_647) faults.push('a number too large')
    } else if (object instanceof PDFName) {
      if (object.decodeText().length > 127) faults.push('a name too long')
    } else if (object instanceof PDFArray) object.asArray().forEach(visit)
    else if (object instanceof PDFRawStream) visit(object.dict)
    else if (object instanceof PDFDict) {
      const type = file.name(object, 'Type')
      if (type === 'Action' || object.has(PDFName.of('JS'))) faults.push('an action')
      if (type === 'ExtGState') stateFaults(file, object, faults)
      for (const [key, value] of object.entries()) {
        visit(key)
        visit(value)
      }
    }
  }
  for (const [, object] of file.objects) visit(object)
}

function stateFaults(file: ArchiveFile, state: PDFDict, faults: string[]): void {
  for (const key of ['TR', 'HTP']) if (file.get(state, key)) faults.push(`graphics state with ${key}`)
}

/** What opens the document: title shown, language, output intent, nothing that runs. */
function catalogFaults(file: ArchiveFile, faults: string[]): void {
  const { catalog } = file
  for (const key of ['AA', 'OpenAction', 'AcroForm', 'OCProperties', 'Names', 'Requirements', 'Perms', 'Encrypt']) {
    if (file.get(catalog, key)) faults.push(`catalog with ${key}`)
  }
  if (file.text(catalog, 'Lang') !== 'it-IT') faults.push('no language')
  const preferences = file.dict(catalog, 'ViewerPreferences')
  if (preferences === null || !file.flag(preferences, 'DisplayDocTitle')) faults.push('the title is not shown')
  const intents = file.items(catalog, 'OutputIntents')
  const [intent] = intents
  if (intents.length !== 1 || !(intent instanceof PDFDict) || file.name(intent, 'S') !== 'GTS_PDFA1') {
    faults.push('no output intent')
    return
  }
  if (!file.text(intent, 'OutputConditionIdentifier')) faults.push('an output intent without name')
  const profile = file.get(intent, 'DestOutputProfile')
  if (profile instanceof PDFRawStream && file.number(profile.dict, 'N') === 3)
    faults.push(...profileFaults(decoded(profile)))
  else faults.push('an output intent without profile')
}
