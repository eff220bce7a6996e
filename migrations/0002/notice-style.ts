import {
  check,
  flag,
  id,
  key,
  notNegative,
  nullable,
  oneOf,
  ref,
  sha256,
  type Table,
  table,
  text,
} from '../ddl/table.ts'

export const noticeStyleTables: readonly Table[] = [
  table(
    'noticeStyle',
    {
      id,
      postalAccountId: nullable(ref('bankAccount')),
      postalHolder: text,
      postalAuthorisation: text,
      secondLanguage: nullable(oneOf('de', 'sl', 'fr', 'en')),
      online: nullable(oneOf('site', 'app', 'both')),
      fileNamePattern: text,
    },
    [check('noticeStyle_one', '"id" = 1')],
  ),
  table(
    'noticeGraphic',
    { kind: text, fileName: text, format: oneOf('svg', 'png'), size: notNegative, bytesBase64: text, sha256 },
    [key('kind')],
  ),
  table('noticeWord', { language: oneOf('de', 'sl', 'fr', 'en'), wordKey: text, text }, [key('language', 'wordKey')]),
  // A removed letter stays as inactive, so that its id never comes to mean another text; its name is free again.
  table(
    'letter',
    { id, name: text, subject: text, body: text, signature: text, active: flag },
    [],
    [{ columns: ['name'], unique: true, where: '"active" = 1' }],
  ),
]
