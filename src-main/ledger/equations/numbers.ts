import type { ReadHandle } from '../ledger.ts'
import type { NumberedBook } from '../numbering.ts'

const BOOKS: readonly NumberedBook[] = ['accertamento', 'reversale', 'transmissionList']

/** E8: numbers 1…n with dates that do not go back. */
export async function checkNumbers(db: ReadHandle): Promise<string[]> {
  const found: string[] = []
  for (const book of BOOKS) {
    const rows = await db
      .selectFrom(book)
      .select(['exercise', 'number', 'date'])
      .orderBy('exercise')
      .orderBy('number')
      .execute()
    let before: { exercise: number; number: number; date: string } | null = null
    for (const row of rows) {
      const same: boolean = before !== null && before.exercise === row.exercise
      const expected: number = same ? (before as { number: number }).number + 1 : 1
      if (row.number !== expected) found.push(`E8 ${book} ${row.number}/${row.exercise}: atteso il numero ${expected}`)
      if (same && row.date < (before as { date: string }).date) {
        found.push(`E8 ${book} ${row.number}/${row.exercise}: la data ${row.date} va indietro`)
      }
      before = row
    }
  }
  return found
}
