import { inflateSync } from 'node:zlib'
import {
  decodePDFRawStream,
  PDFArray,
  PDFBool,
  PDFDict,
  PDFDocument,
  PDFHexString,
  PDFName,
  PDFNumber,
  type PDFObject,
  PDFRawStream,
  PDFRef,
  PDFString,
} from 'pdf-lib'

/** One file as pdf-lib, which is not our writer, reads it. */
export class ArchiveFile {
  readonly bytes: Uint8Array
  readonly document: PDFDocument
  readonly objects: readonly (readonly [PDFRef, PDFObject])[]

  private constructor(bytes: Uint8Array, document: PDFDocument) {
    this.bytes = bytes
    this.document = document
    this.objects = document.context.enumerateIndirectObjects()
  }

  static async open(bytes: Uint8Array): Promise<ArchiveFile> {
    return new ArchiveFile(bytes, await PDFDocument.load(bytes, { updateMetadata: false }))
  }

  get catalog(): PDFDict {
    return this.document.catalog
  }

  get latin(): string {
    return Buffer.from(this.bytes).toString('latin1')
  }

  /** What stands under a key, references followed. */
  get(dict: PDFDict, key: string): PDFObject | undefined {
    return dict.lookup(PDFName.of(key))
  }

  dict(from: PDFDict, key: string): PDFDict | null {
    const found = this.get(from, key)
    return found instanceof PDFDict ? found : found instanceof PDFRawStream ? found.dict : null
  }

  items(from: PDFDict, key: string): PDFObject[] {
    const found = this.get(from, key)
    if (found === undefined) return []
    return found instanceof PDFArray ? found.asArray().map((item) => this.follow(item)) : [found]
  }

  follow(object: PDFObject): PDFObject {
    return object instanceof PDFRef ? (this.document.context.lookup(object) as PDFObject) : object
  }

  name(dict: PDFDict, key: string): string | null {
    const found = this.get(dict, key)
    return found instanceof PDFName ? found.decodeText() : null
  }

  number(dict: PDFDict, key: string): number | null {
    const found = this.get(dict, key)
    return found instanceof PDFNumber ? found.asNumber() : null
  }

  text(dict: PDFDict, key: string): string | null {
    const found = this.get(dict, key)
    return found instanceof PDFString || found instanceof PDFHexString ? found.decodeText() : null
  }

  flag(dict: PDFDict, key: string): boolean {
    const found = this.get(dict, key)
    return found instanceof PDFBool && found.asBoolean()
  }

  streams(): (readonly [PDFRef, PDFRawStream])[] {
    return this.objects.filter((entry): entry is [PDFRef, PDFRawStream] => entry[1] instanceof PDFRawStream)
  }
}

export function decoded(stream: PDFRawStream): Buffer {
  return stream.dict.has(PDFName.of('Filter'))
    ? stream.dict.lookup(PDFName.of('Filter')) === PDFName.of('FlateDecode') &&
      !stream.dict.has(PDFName.of('DecodeParms'))
      ? inflateSync(stream.contents)
      : Buffer.from(decodePDFRawStream(stream).decode())
    : Buffer.from(stream.contents)
}
