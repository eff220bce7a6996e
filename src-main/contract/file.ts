import { z } from 'zod'
import { procedure } from './procedure.ts'
import { fileResultSchema, fileTokenSchema, folderTokenSchema } from './values.ts'

export const file = {
  /** Hands a file of the person's to the backend; limits are the host's. */
  upload: procedure.input(z.object({ file: z.file() })).output(fileResultSchema),
  download: procedure.input(z.object({ token: fileTokenSchema })).output(z.file()),
}

const folderSchema = z.object({ token: folderTokenSchema, name: z.string(), place: z.string() })

export const folder = {
  /** Folders below `parent`; null gives the roots that the host allows. */
  list: procedure.input(z.object({ parent: folderTokenSchema.nullable() })).output(z.array(folderSchema)),
  /** A folder as the person writes it: `\\nas\avvisi`, `Z:\avvisi`, `/mnt/nas/avvisi`; refused in words (FOLDER_TYPED). */
  enter: procedure.input(z.object({ text: z.string().min(1).max(1_000) })).output(folderSchema),
}
