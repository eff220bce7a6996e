/** Characters of one row of an envelope, by the standard of Poste Italiane. */
export const POSTAL_ROW = 44

/** Shortenings that every sorting office reads, the mildest first: they are used one by one, only while a row is too long. */
const ABBREVIATIONS: readonly (readonly [RegExp, string])[] = [
  [/\bSOCIET(?:À|A'|A) TRA PROFESSIONISTI\b/gu, 'STP'],
  [/\bSOCIET(?:À|A'|A) A RESPONSABILIT(?:À|A'|A) LIMITATA\b/gu, 'SRL'],
  [/\bSOCIET(?:À|A'|A) PER AZIONI\b/gu, 'SPA'],
  [/\bA RESPONSABILIT(?:À|A'|A) LIMITATA\b/gu, 'ARL'],
  [/\bPIAZZALE\b/gu, 'P.LE'],
  [/\bPIAZZETTA\b/gu, 'P.TTA'],
  [/\bPIAZZA\b/gu, 'P.ZZA'],
  [/\bVIALE\b/gu, 'V.LE'],
  [/\bVICOLO\b/gu, 'V.LO'],
  [/\bCORSO\b/gu, 'C.SO'],
  [/\bLARGO\b/gu, 'L.GO'],
  [/\bCONTRADA\b/gu, 'C.DA'],
  [/\bSTRADA\b/gu, 'STR.'],
  [/\bTRAVERSA\b/gu, 'TRAV.'],
  [/\bBORGATA\b/gu, 'B.TA'],
  [/\bLOCALIT(?:À|A'|A)(?=\s|$)/gu, 'LOC.'],
  [/\bFRAZIONE\b/gu, 'FRAZ.'],
  [/\bPROVINCIALE\b/gu, 'PROV.'],
  [/\bSTATALE\b/gu, 'STAT.'],
  [/\bCOMUNALE\b/gu, 'COM.'],
  [/\bPALAZZINA\b/gu, 'PAL.'],
  [/\bEDIFICIO\b/gu, 'ED.'],
  [/\bINTERNO\b/gu, 'INT.'],
  [/\bSCALA\b/gu, 'SC.'],
  [/\bPIANO\b/gu, 'P.'],
  [/\bPRESSO\b/gu, 'C/O'],
  [/\bPROFESSORESSA\b/gu, 'PROF.SSA'],
  [/\bPROFESSORE?\b/gu, 'PROF.'],
  [/\bDOTTORESSA\b/gu, 'DOTT.SSA'],
  [/\bDOTTORE?\b/gu, 'DOTT.'],
  [/\bAVVOCATO\b/gu, 'AVV.'],
  [/\bINGEGNERE?\b/gu, 'ING.'],
  [/\bGENERALE?\b/gu, 'GEN.'],
  [/\bMONSIGNORE?\b/gu, 'MONS.'],
  [/\bFRATELLI\b/gu, 'F.LLI'],
  [/\bSAN(?:TA|TO|TI|TE)?(?= \p{L})/gu, 'S.'],
  [/\bVIA(?= )/gu, 'V.'],
]

/** A text as one row: capitals, single blanks, straight apostrophes; commas fall, as the sorting machines want. */
export function postalText(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, (signs) => (/\s/u.test(signs) ? ' ' : ''))
    .replace(/[’‘‛ʼ´`]/gu, "'")
    .replace(/,(?=\s|$)/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim()
    .toLocaleUpperCase('it')
}

/** The row, shortened only as far as known abbreviations go and only while it is too long; never cut. */
export function fitPostalRow(row: string): string {
  let short = row
  for (const [word, abbreviation] of ABBREVIATIONS) {
    if (rowLength(short) <= POSTAL_ROW) return short
    short = short.replace(word, abbreviation)
  }
  // What did not help enough is not used: the person sees the row as it is, with its problem.
  return rowLength(short) <= POSTAL_ROW ? short : row
}

export function rowLength(row: string): number {
  return [...row].length
}
