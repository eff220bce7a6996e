import { entry } from './entry.ts'

/** The register workbook and its cells. */
export const registerProblems = {
  AMOUNT_EMPTY: entry(
    () => 'Manca l’importo.',
    () => 'Scrivi l’importo in euro, per esempio 215,00.',
  ),
  AMOUNT_UNREADABLE: entry<{ value: string }>(
    ({ value }) => `Importo non leggibile: «${value}».`,
    () => 'Usa la forma 1.234,56.',
  ),
  AMOUNT_TOO_LARGE: entry<{ value: string }>(({ value }) => `Importo troppo grande: «${value}».`),
} as const
