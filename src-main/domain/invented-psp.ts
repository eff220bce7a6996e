/**
 * The payment service providers of the rehearsal. Their codes have the form of a BIC and belong to no bank, so they alone tell
 * invented payments from true ones, whichever way a flow or a receipt came in.
 */
export const INVENTED_PSPS = {
  alfa: { code: 'BALFITM1XXX', name: 'Banca Alfa di prova' },
  beta: { code: 'PBETITRR', name: 'PSP Beta di prova' },
  gamma: { code: 'CGAMITRR', name: 'PSP Gamma di prova' },
  delta: { code: 'PDELITM1', name: 'PSP Delta di prova' },
} as const

export const INVENTED_PSP_CODES: readonly string[] = Object.values(INVENTED_PSPS).map(({ code }) => code)
