import type { Slice } from '../ddl/slice.ts'
import {
  check,
  flag,
  id,
  instant,
  key,
  notNegative,
  nullable,
  oneOf,
  positive,
  ref,
  sha256,
  table,
  text,
} from '../ddl/table.ts'

/** Where what was collected goes back to, each list with its file, and what the Albo said of its rows. */
export const albo: Slice = {
  addedColumns: {},
  newTables: [
    table(
      'alboDestination',
      {
        id,
        name: text,
        profile: text,
        way: oneOf('download', 'folder', 'server'),
        folder: nullable(text),
        place: text,
        fileAccountId: nullable(ref('fileAccount')),
        automatic: flag,
        // Its first list tells what came after these: what an office had handed over by hand is known already.
        fromWriteBackId: notNegative,
        fromAnnulmentId: notNegative,
        active: flag,
      },
      [
        check(
          'alboDestination_target',
          `("way" = 'folder') = ("folder" IS NOT NULL) AND ("way" = 'server') = ("fileAccountId" IS NOT NULL) AND ("way" <> 'download' OR "automatic" = 0)`,
        ),
      ],
    ),
    // The file as it was made: what is sent again is the same file.
    table(
      'alboExportFile',
      {
        alboExportId: ref('alboExport'),
        alboDestinationId: ref('alboDestination'),
        fileName: text,
        sha256,
        contentBase64: text,
        state: oneOf('waiting', 'sent', 'failed', 'accepted', 'partlyAccepted', 'refused'),
        attempts: notNegative,
        nextAt: nullable(instant),
        reason: nullable(text),
        sentAt: nullable(instant),
        answeredAt: nullable(instant),
        answeredBy: nullable(text),
      },
      [key('alboExportId')],
      [{ columns: ['alboDestinationId'] }, { columns: ['state'] }],
    ),
    table(
      'alboExportRow',
      {
        alboExportId: ref('alboExport'),
        ordinal: positive,
        accertamentoId: ref('accertamento'),
        what: oneOf('paid', 'partly', 'withdrawn'),
        cents: positive,
        outcome: oneOf('none', 'accepted', 'refused'),
        reason: nullable(text),
        // The later list in which a refused row was told again.
        againIn: nullable(ref('alboExport')),
      },
      [key('alboExportId', 'ordinal')],
      [{ columns: ['accertamentoId'] }],
    ),
  ],
  refusals: [
    ...['alboExportFile', 'alboExportRow'].map(
      (of) => ({ table: of, event: 'DELETE', name: 'fixed', when: '1 = 1', code: 'BOOKS_ROW_FIXED' }) as const,
    ),
    {
      table: 'alboExportFile',
      event: 'UPDATE',
      name: 'made',
      when: ['alboExportId', 'alboDestinationId', 'fileName', 'sha256', 'contentBase64']
        .map((c) => `OLD."${c}" <> NEW."${c}"`)
        .join(' OR '),
      code: 'BOOKS_ROW_FIXED',
    },
    {
      table: 'alboExportRow',
      event: 'UPDATE',
      name: 'made',
      when: ['alboExportId', 'ordinal', 'accertamentoId', 'what', 'cents']
        .map((c) => `OLD."${c}" <> NEW."${c}"`)
        .join(' OR '),
      code: 'BOOKS_ROW_FIXED',
    },
  ],
}
