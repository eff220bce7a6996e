import { foldFlowId } from '#domain/flow-id'
import { formatCents } from '#domain/money'
import { stateWord } from '#domain/vocabulary'
import { readPositions } from '#ledger/position-list'
import { findAccertamenti, findFlows, findPeople, findPositions, findReversali, numberedRow } from '#ledger/search-find'
import { os } from './context.ts'
import { today } from './produced-file.ts'

/** The palette. A whole identifier (fiscal code, IUV, notice number with blanks, flow id) is `exact` and comes first. */
export const search = {
  find: os.search.find.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const text = input.text.trim()
      const day = today(context)
      if (text.length < 2 && !/^\d+$/.test(text)) return []
      const compact = text.replace(/\s+/g, '')
      const code = compact.toUpperCase()
      const fold = foldFlowId(text)
      const wanted = numberedRow(compact)
      // A fiscal code is often copied in groups.
      const people = await findPeople(db, /^([A-Z0-9]{16}|\d{11})$/.test(code) ? code : text)
      const positions = await findPositions(db, compact)
      const rows = await readPositions(
        db,
        positions.map((p) => p.id),
        day,
      )
      const stateOf = new Map(rows.map((row) => [row.id, row.state]))
      const flows = await findFlows(db, text)
      const reversali = wanted === null ? [] : await findReversali(db, wanted)
      const accertamenti = wanted === null ? [] : await findAccertamenti(db, wanted)
      const found = [
        ...people.map((p) => ({
          kind: 'person' as const,
          id: p.id as number,
          title: p.name,
          detail: p.fiscalCode ?? p.vatNumber ?? '',
          route: `/persone/${p.id}`,
          exact: p.fiscalCode === code || p.vatNumber === code,
        })),
        ...positions.map((p) => ({
          kind: 'debtPosition' as const,
          id: p.id as number,
          title: `${p.name}, IUV ${p.iuv}`,
          detail: stateWord('position', stateOf.get(p.id) ?? 'issued').word,
          route: `/posizioni?cerca=${p.iuv}&sel=${p.id}`,
          exact: p.iuv === compact || p.noticeNumber === compact,
        })),
        ...flows.map((f) => ({
          kind: 'reportingFlow' as const,
          id: f.id as number,
          title: f.flowId,
          detail: 'Flusso di rendicontazione',
          route: `/rendicontazioni?cerca=${encodeURIComponent(f.flowId)}&sel=${f.id}`,
          exact: f.foldKey === fold,
        })),
        ...reversali.map((r) => ({
          kind: 'reversale' as const,
          id: r.id,
          title: `Reversale ${r.exercise}/${r.number}`,
          detail: `${r.text}, ${formatCents(r.cents)} €`,
          route: `/reversali?sel=${r.id}`,
          exact: false,
        })),
        ...accertamenti.map((a) => ({
          kind: 'accertamento' as const,
          id: a.id,
          title: `Accertamento ${a.exercise}/${a.number}`,
          detail: `${a.text}, ${formatCents(a.cents)} €`,
          route: `/accertamenti?sel=${a.id}`,
          exact: false,
        })),
      ]
      return found.sort((a, b) => Number(b.exact) - Number(a.exact))
    }),
  ),
}
