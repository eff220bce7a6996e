import ExcelJS from 'exceljs'

/** A cell of a described workbook; anything that JSON has no word for is an object. */
export type DescribedCell =
  | string
  | number
  | boolean
  | null
  | { readonly date: string }
  /** A number that its format shows as a date. */
  | { readonly serial: number }
  | { readonly formula: string; readonly error?: string }

export interface DescribedWorkbook {
  /** Days count from 1904, as Excel for the Mac wrote. */
  readonly date1904?: boolean
  readonly sheets: readonly {
    readonly name: string
    readonly rows: readonly (readonly DescribedCell[])[]
    readonly merges?: readonly string[]
  }[]
}

/** The workbook as exceljs writes it: a hand other than our writer's. */
export async function workbookFromJson(described: DescribedWorkbook): Promise<Uint8Array> {
  const book = new ExcelJS.Workbook()
  if (described.date1904) book.properties.date1904 = true
  for (const { name, rows, merges } of described.sheets) {
    const sheet = book.addWorksheet(name)
    rows.forEach((cells, r) => {
      cells.forEach((cell, c) => {
        if (cell !== null && cell !== '') write(sheet.getCell(r + 1, c + 1), cell)
      })
    })
    for (const range of merges ?? []) sheet.mergeCells(range)
  }
  return new Uint8Array(await book.xlsx.writeBuffer())
}

function write(target: ExcelJS.Cell, cell: Exclude<DescribedCell, null>): void {
  if (typeof cell !== 'object') target.value = cell
  else if ('date' in cell) {
    target.value = new Date(`${cell.date}T00:00:00Z`)
    target.numFmt = 'dd/mm/yyyy'
  } else if ('serial' in cell) {
    target.value = cell.serial
    target.numFmt = 'dd/mm/yyyy'
  } else {
    const error = cell.error as ExcelJS.CellErrorValue['error'] | undefined
    target.value = error
      ? { formula: cell.formula, result: { error }, date1904: false }
      : { formula: cell.formula, date1904: false }
  }
}
