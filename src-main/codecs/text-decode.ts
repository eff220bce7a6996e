import type { StatementEncoding } from '#domain/bank-statement'
import { type Problem, problem } from '#domain/problem'
import type { RegisterEncoding } from '#domain/register-mapping'
import { err, ok, type Result } from '#domain/result'

export interface DecodedText {
  readonly text: string
  readonly encoding: StatementEncoding
}

/**
 * Bytes of a text file of unknown encoding. A byte order mark decides; else strict UTF-8; else Windows-1252, which
 * Italian banks still write. NUL bytes mean that it is no text at all.
 */
export function decodeText(bytes: Uint8Array): Result<DecodedText, Problem> {
  if (bytes.length === 0) return err(problem('FILE_EMPTY', {}))
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return ok({ text: decodeAs(bytes, 'utf-16le'), encoding: 'utf-8' })
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return ok({ text: decodeAs(bytes, 'utf-16be'), encoding: 'utf-8' })
  if (bytes.includes(0)) return err(problem('ENCODING_UNKNOWN', {}))
  try {
    return ok({ text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'utf-8' })
  } catch {
    return hasUnassigned1252(bytes)
      ? err(problem('ENCODING_UNKNOWN', {}))
      : ok({ text: decodeAs(bytes, 'windows-1252'), encoding: 'windows-1252' })
  }
}

/** Bytes in the encoding that a person confirmed for this bank. */
export function decodeTextAs(bytes: Uint8Array, encoding: StatementEncoding): Result<DecodedText, Problem> {
  const marked = bytes[0] === 0xef || (bytes[0] ?? 0) >= 0xfe
  return encoding === 'utf-8' || marked ? decodeText(bytes) : ok({ text: decodeAs(bytes, encoding), encoding })
}

/** Bytes of a table in one of the encodings that programs write, or in the one asked for; UTF-16 is known without its mark too. */
export function decodeTable(
  bytes: Uint8Array,
  asked: RegisterEncoding | null,
): Result<{ readonly text: string; readonly encoding: RegisterEncoding }, Problem> {
  const wide = asked ?? wideEncoding(bytes)
  if (wide !== null && wide !== 'utf-8') {
    // Whoever asks for one byte a character in a file of two would see every second one empty.
    if (wide === 'windows-1252' && bytes.includes(0)) return err(problem('ENCODING_UNKNOWN', {}))
    return ok({ text: decodeAs(bytes, wide), encoding: wide })
  }
  const read = decodeText(bytes)
  if (read.ok && asked === 'utf-8' && read.value.encoding !== asked) return err(problem('ENCODING_UNKNOWN', {}))
  return read
}

/** UTF-16 by its mark, or by the empty half of nearly all its characters. */
function wideEncoding(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  const head = bytes.subarray(0, 4096)
  const empty = [0, 0]
  for (let i = 0; i < head.length; i += 1) if (head[i] === 0) empty[i % 2] = (empty[i % 2] as number) + 1
  const [even = 0, odd = 0] = empty
  const most = (head.length / 2) * 0.9
  if (odd >= most && even === 0) return 'utf-16le'
  return even >= most && odd === 0 ? 'utf-16be' : null
}

function decodeAs(bytes: Uint8Array, label: string): string {
  return new TextDecoder(label).decode(bytes)
}

/** The five holes of Windows-1252: a file with one of them is in some other encoding. */
function hasUnassigned1252(bytes: Uint8Array): boolean {
  return bytes.some((b) => b === 0x81 || b === 0x8d || b === 0x8f || b === 0x90 || b === 0x9d)
}

/** The beginning of a file as text, whatever it is, to recognise it by: UTF-16 by its mark, else one character a byte. */
export function headText(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 4096))
  if (head[0] === 0xff && head[1] === 0xfe) return head.subarray(2).toString('utf16le')
  return head.toString('latin1').replace(/^\u00EF\u00BB\u00BF/, '')
}
