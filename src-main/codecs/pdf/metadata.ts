import type { ObjectSink } from './objects.ts'
import { pdfString } from './objects.ts'

export interface PaperInfo {
  readonly title: string
  readonly author: string
  readonly subject: string
}

const PROGRAM = 'Quietanza'

/**
 * Info dictionary and XMP of a file, saying the same; no dates, so that the same paper is the same bytes. A tagged file
 * says to be PDF/A-2a and PDF/UA-1, another PDF/A-2u: `tests/codecs/pdf-archive.test.ts` holds every paper to it.
 */
export function writeInfo(sink: ObjectSink, info: PaperInfo, number?: number): number {
  const author = info.author === '' ? '' : `/Author ${pdfString(info.author)}`
  const subject = info.subject === '' ? '' : `/Subject ${pdfString(info.subject)}`
  return sink.object(
    `<</Title ${pdfString(info.title)}${author}${subject}/Creator(${PROGRAM})/Producer(${PROGRAM})>>`,
    number,
  )
}

export function writeMetadata(sink: ObjectSink, info: PaperInfo, tagged: boolean, number?: number): number {
  return sink.text('/Type/Metadata/Subtype/XML', packet(info, tagged), number)
}

const BEGIN = `<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<xmp:CreatorTool>${PROGRAM}</xmp:CreatorTool><pdf:Producer>${PROGRAM}</pdf:Producer><pdfaid:part>2</pdfaid:part>`

/** PDF/A lets a schema of its own stand only when it is described. */
const ACCESSIBLE = `<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA</pdfaSchema:schema><pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category><pdfaProperty:description>Part of PDF/UA</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>`

const END = '\n</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'

function packet({ title, author, subject }: PaperInfo, tagged: boolean): string {
  const creator = author === '' ? '' : `<dc:creator><rdf:Seq><rdf:li>${xmlText(author)}</rdf:li></rdf:Seq></dc:creator>`
  const description = subject === '' ? '' : `<dc:description>${alternative(subject)}</dc:description>`
  return `${BEGIN}<pdfaid:conformance>${tagged ? 'A' : 'U'}</pdfaid:conformance><dc:title>${alternative(title)}</dc:title>${creator}${description}</rdf:Description>${tagged ? `\n${ACCESSIBLE}` : ''}${END}`
}

function alternative(text: string): string {
  return `<rdf:Alt><rdf:li xml:lang="x-default">${xmlText(text)}</rdf:li></rdf:Alt>`
}

/** ASCII with character references, so that the packet is Latin-1 and UTF-8 at once. */
function xmlText(text: string): string {
  return text.replace(/[^\x20-\x7e]|[<>&]/gu, (char) => `&#${char.codePointAt(0)};`)
}
