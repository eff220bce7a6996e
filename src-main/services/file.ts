import { ProblemError, problem } from '#domain/problem'
import { os } from './context.ts'

/** Largest file that a person hands in: a register of 100,000 rows is about 15 MB, a year's statement far less. */
const MAX_UPLOAD_BYTES = 200 * 1024 * 1024

export const file = {
  upload: os.file.upload.handler(async ({ context, input }) => {
    const { file: upload } = input
    if (upload.size === 0) throw new ProblemError(problem('FILE_EMPTY', {}, { file: upload.name }))
    if (upload.size > MAX_UPLOAD_BYTES) {
      const size = `${Math.round(upload.size / 1024 / 1024)} MB`
      throw new ProblemError(problem('FILE_TOO_LARGE', { size, limit: '200 MB' }, { file: upload.name }))
    }
    const mime = upload.type || 'application/octet-stream'
    const writer = await context.files.create(upload.name, mime)
    try {
      for await (const chunk of upload.stream()) await writer.write(chunk)
      return { token: await writer.commit(), name: upload.name, size: upload.size, mime }
    } catch (error) {
      await writer.abort()
      throw error
    }
  }),
  download: os.file.download.handler(async ({ context, input }) => {
    const open = await context.files.open(input.token)
    const bytes = await open.bytes()
    return new File([bytes as Uint8Array<ArrayBuffer>], open.name)
  }),
}

export const folder = {
  list: os.folder.list.handler(async ({ context, input }) => {
    const entries = await context.folders.list(input.parent)
    return Promise.all(entries.map(async (entry) => ({ ...entry, place: await context.folders.describe(entry.token) })))
  }),
  enter: os.folder.enter.handler(async ({ context, input }) => {
    const found = await context.folders.enter(input.text)
    return { ...found, place: await context.folders.describe(found.token) }
  }),
}
