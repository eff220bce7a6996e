import { fixedRefusals } from '../0001/fixed-triggers.ts'
import type { Slice } from '../ddl/slice.ts'
import { day, id, instant, key, notNegative, nullable, oneOf, ref, sha256, table, text } from '../ddl/table.ts'

/** Codes of the collection services, as the official file says. */
export const taxonomy: Slice = {
  addedColumns: {},
  newTables: [
    table('taxonomyFile', {
      id,
      fileName: text,
      sha256,
      // Highest version among its rows.
      version: notNegative,
      codes: notNegative,
      at: instant,
      operator: text,
    }),
    // As the last file says; what a file no longer has stays, so that old records keep their names.
    table(
      'taxonomyCode',
      {
        // `9/0401107TS/`
        code: text,
        creditorType: text,
        creditorTypeName: text,
        area: text,
        areaName: text,
        service: text,
        serviceName: text,
        reason: oneOf('IM', 'TS', 'SP', 'SA', 'AP'),
        description: text,
        version: notNegative,
        validFrom: day,
        validTo: day,
        fileId: ref('taxonomyFile'),
        goneFileId: nullable(ref('taxonomyFile')),
      },
      [key('code')],
      [{ columns: ['creditorType', 'code'] }],
    ),
  ],
  refusals: fixedRefusals(['taxonomyFile']),
  // Which codes are in use is asked by every dashboard: a few, among hundreds of thousands of transfers.
  more: () => ['CREATE INDEX "transfer_taxonomyCode" ON "transfer" ("taxonomyCode")'],
}
