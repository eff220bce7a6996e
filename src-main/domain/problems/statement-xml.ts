import { entry } from './entry.ts'

/** Statements in XML: camt.053, its CBI form, the treasurer's cash journal. */
export const statementXmlProblems = {
  STATEMENT_XML_ROOT: entry<{ root: string }>(
    ({ root }) => `Il documento contiene «${root}»: non è un estratto conto.`,
    () => 'Servono un camt.053, una rendicontazione CBI o un giornale di cassa OPI.',
  ),
  STATEMENT_ELEMENT_MISSING: entry<{ field: string }>(
    ({ field }) => `Manca ${field}.`,
    () => 'Scarica di nuovo il file; se resta così, segnalalo alla banca.',
  ),
  STATEMENT_BATCH_DIFFERS: entry<{ amount: string; count: number; found: string }>(
    ({ amount, count, found }) => `L’operazione è di ${amount}, ma i suoi ${count} dettagli sommano ${found}.`,
    () => 'Viene importata per il suo importo; controlla con la banca che cosa comprende.',
  ),
  STATEMENT_ROWS_LEFT: entry<{ rows: string }>(
    ({ rows }) => `Righe del giornale di cassa che non sono né sospesi né reversali: ${rows}.`,
    () => 'Non diventano movimenti.',
  ),
} as const
