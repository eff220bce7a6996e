import type { FileResult } from '#contract/values'
import { client } from '../client.ts'

/** Hands bytes to the person (save dialog or downloads folder). */
export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

/** Opens the print dialog on a PDF. */
export function printBlob(blob: Blob, title: string): void {
  const url = URL.createObjectURL(new Blob([blob], { type: 'application/pdf' }))
  const frame = document.createElement('iframe')
  frame.title = title
  frame.className = 'print-frame'
  frame.src = url
  frame.addEventListener('load', () => {
    frame.contentWindow?.focus()
    frame.contentWindow?.print()
  })
  document.body.append(frame)
  setTimeout(() => {
    frame.remove()
    URL.revokeObjectURL(url)
  }, 600_000)
}

/** Fetches a file made by the backend and hands it to the person. */
export async function saveFile(file: Pick<FileResult, 'token' | 'name'>): Promise<void> {
  saveBlob(await client.file.download({ token: file.token }), file.name)
}

/** Opens the print dialog on a PDF made by the backend. */
export async function printFile(file: Pick<FileResult, 'token' | 'name'>): Promise<void> {
  printBlob(await client.file.download({ token: file.token }), file.name)
}

/** Hands a file to the backend; what the program keeps is a token, never a path. */
export async function uploadFile(file: File): Promise<FileResult> {
  return client.file.upload({ file })
}

/** Asks the person for one file (or several); null when they leave. */
export function askFile(accept: string): Promise<File | null> {
  return new Promise((resolve) => {
    const input = document.createElement('input')
    input.type = 'file'
    input.accept = accept
    input.addEventListener('change', () => resolve(input.files?.[0] ?? null))
    input.addEventListener('cancel', () => resolve(null))
    input.click()
  })
}

/** Asks for several files at once; empty when they leave. */
export function askFiles(accept: string): Promise<readonly File[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input')
    input.type = 'file'
    input.accept = accept
    input.multiple = true
    input.addEventListener('change', () => resolve([...(input.files ?? [])]))
    input.addEventListener('cancel', () => resolve([]))
    input.click()
  })
}
