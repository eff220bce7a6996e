import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { has, pageTexts, readWithZxing } from '../codecs/pdf-tools.ts'

const run = promisify(execFile)
const withQpdf = has('qpdf')
const withZbar = has('pdftoppm') && has('zbarimg')
const withText = has('pdftotext')

export const JUDGES = `qpdf ${withQpdf}, zbarimg ${withZbar}, pdftotext ${withText}`

/** What `qpdf --check` complains of, empty when nothing (or when qpdf is not there). */
export async function complaints(path: string): Promise<string> {
  if (!withQpdf) return ''
  const { stdout, stderr } = await run('qpdf', ['--check', path]).catch(
    (error: { stdout: string; stderr: string }) => error,
  )
  return `${stdout}${stderr}`.includes('No syntax or stream encoding errors found') && stderr === ''
    ? ''
    : stdout + stderr
}

/** The QR of a notice as the payer's camera reads it: its box, printed at 200 dots per inch. */
export async function qrOf(path: string): Promise<string> {
  if (!withZbar) return readWithZxing(await readFile(path))
  const folder = await mkdtemp(join(tmpdir(), 'quietanza-qr-'))
  try {
    const box = ['-x', '50', '-y', '1190', '-W', '254', '-H', '254']
    await run('pdftoppm', ['-r', '200', ...box, '-png', '-singlefile', path, join(folder, 'qr')])
    const { stdout } = await run('zbarimg', ['-q', '--raw', join(folder, 'qr.png')])
    return stdout.trim()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export async function textOf(path: string): Promise<string> {
  if (!withText) return (await pageTexts(await readFile(path))).join('\n')
  return (await run('pdftotext', ['-layout', path, '-'])).stdout
}
