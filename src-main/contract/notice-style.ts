import { z } from 'zod'
import { NOTICE_GRAPHICS, type NoticeGraphic } from '#domain/notice-graphics'
import { NOTICE_WORDS, type NoticeWordKey, SECOND_LANGUAGES } from '#domain/notice-words'
import { procedure } from './procedure.ts'
import { countSchema, fileTokenSchema, idSchema, problemListSchema } from './values.ts'

const graphicSchema = z.enum(Object.keys(NOTICE_GRAPHICS) as [NoticeGraphic, ...NoticeGraphic[]])
const wordKeySchema = z.enum(Object.keys(NOTICE_WORDS) as [NoticeWordKey, ...NoticeWordKey[]])
const languageSchema = z.enum(SECOND_LANGUAGES)

/** How this institution's notices look and what they are called; one for the ledger. */
export const noticeStyleSchema = z.object({
  /** Account of kind «postale» whose number the «Bollettino Postale PA» carries; null prints no slip. */
  postalAccountId: idSchema('bankAccount').nullable(),
  postalHolder: z.string().trim().max(50),
  /** Poste's «AUT. …» text; empty where it has not been given. */
  postalAuthorisation: z.string().trim().max(60),
  secondLanguage: languageSchema.nullable(),
  online: z.enum(['site', 'app', 'both']).nullable(),
  /** Name of the file of each notice, with the fields of `domain/notice-file-name.ts`. */
  fileNamePattern: z.string().trim().min(1).max(120),
})

/** Combinations that the sample notice can show. */
export const sampleLayoutSchema = z.object({
  single: z.boolean(),
  installments: z.int().min(0).max(24),
  dated: z.boolean(),
  longest: z.boolean(),
})

export const noticeStyle = {
  get: procedure.output(
    noticeStyleSchema.extend({
      /** Pieces of the graphic kit that are loaded. */
      graphics: z.array(
        z.object({ kind: graphicSchema, fileName: z.string(), format: z.enum(['svg', 'png']), bytes: countSchema }),
      ),
      /** What the notices lack for want of graphics or of settings, in words; empty when they are complete. */
      warnings: z.array(z.string()),
    }),
  ),
  save: procedure.input(noticeStyleSchema).output(noticeStyleSchema),
  /** The second language's words: ours, official or replaced by the institution. */
  words: procedure.input(z.object({ language: languageSchema })).output(
    z.array(
      z.object({
        key: wordKeySchema,
        italian: z.string(),
        proposed: z.string(),
        official: z.boolean(),
        /** The institution's own text, null where the proposed one holds. */
        own: z.string().nullable(),
      }),
    ),
  ),
  saveWords: procedure
    .input(z.object({ language: languageSchema, own: z.record(z.string().max(60), z.string().trim().min(1).max(400)) }))
    .output(z.object({ language: languageSchema })),
  /** Files of the kit, SVG, PNG or one zip of them; recognised by name, refused one by one with the reason. */
  addGraphics: procedure
    .input(z.object({ tokens: z.array(fileTokenSchema).min(1).max(60) }))
    .output(z.object({ added: z.array(graphicSchema), ignored: z.array(z.string()), problems: problemListSchema })),
  removeGraphic: procedure.input(z.object({ kind: graphicSchema })).output(z.object({ kind: graphicSchema })),
  /** One loaded piece, to be shown. */
  graphic: procedure.input(z.object({ kind: graphicSchema })).output(z.file().nullable()),
  /** An invented notice drawn with the style being edited, so that it is seen before it is saved. */
  preview: procedure.input(z.object({ style: noticeStyleSchema, layout: sampleLayoutSchema })).output(z.file()),
}
