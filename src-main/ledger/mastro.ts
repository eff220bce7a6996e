import type { Id } from '#domain/brand'
import { type IsoDate, isoDateOf } from '#domain/date'
import type { Cents } from '#domain/money'
import { chunks } from './chunks.ts'
import type { ReadHandle } from './ledger.ts'
import { openResidui } from './residuo.ts'

/** Something that moved a capitolo, without its words. */
export interface MastroMove {
  readonly kind: 'residui' | 'raised' | 'varied' | 'reversale' | 'annulled'
  /** Of the accertamento, the variation or the reversale; of residui, their year of origin. */
  readonly id: number
  readonly date: IsoDate
  readonly capitoloId: Id<'capitolo'>
  readonly accertatoCents: Cents
  readonly riscossoCents: Cents
  /** Of an accertamento. */
  readonly number?: number
}

export interface MastroFilter {
  readonly exercise: number
  readonly capitoloId: Id<'capitolo'> | null
}

const ZERO = 0 as Cents

/** Everything that moved each capitolo in the exercise, by capitolo and date; residui open it on 1 January. */
export async function listMastro(db: ReadHandle, filter: MastroFilter): Promise<MastroMove[]> {
  const { exercise, capitoloId } = filter
  const moves = new Map<number, MastroMove[]>()
  const add = (move: MastroMove) => {
    if (capitoloId !== null && move.capitoloId !== capitoloId) return
    const of = moves.get(move.capitoloId)
    if (of === undefined) moves.set(move.capitoloId, [move])
    else of.push(move)
  }
  const firstDay = isoDateOf(exercise, 1, 1) as IsoDate
  for (const r of await openResidui(db, exercise, { capitoloId })) {
    const base = { kind: 'residui' as const, id: r.exercise, date: firstDay, capitoloId: r.capitoloId }
    add({ ...base, accertatoCents: r.openingCents, riscossoCents: ZERO })
  }
  const raised = await db
    .selectFrom('accertamento')
    .where('exercise', '=', exercise)
    .select(['id', 'number', 'date', 'capitoloId', 'assessedCents'])
    .orderBy('number')
    .execute()
  for (const { id, number, date, capitoloId: of, assessedCents } of raised) {
    add({ kind: 'raised', id, number, date, capitoloId: of, accertatoCents: assessedCents, riscossoCents: ZERO })
  }
  const variations = await db
    .selectFrom('accertamentoVariation as v')
    .innerJoin('accertamento as a', 'a.id', 'v.accertamentoId')
    .where('v.exercise', '=', exercise)
    .select(['v.id', 'v.date', 'v.cents', 'a.capitoloId'])
    .orderBy('v.id')
    .execute()
  for (const { id, date, capitoloId: of, cents } of variations) {
    add({ kind: 'varied', id, date, capitoloId: of, accertatoCents: cents, riscossoCents: ZERO })
  }
  const reversali = await db
    .selectFrom('reversale as r')
    .leftJoin('reversaleAnnulment as x', 'x.reversaleId', 'r.id')
    .where('r.exercise', '=', exercise)
    .select(['r.id', 'r.date', 'r.capitoloId', 'r.cents', 'x.date as annulledOn'])
    .orderBy('r.number')
    .execute()
  for (const { id, date, capitoloId: of, cents, annulledOn } of reversali) {
    const base = { id, capitoloId: of, accertatoCents: ZERO }
    add({ ...base, kind: 'reversale', date, riscossoCents: cents })
    if (annulledOn !== null) add({ ...base, kind: 'annulled', date: annulledOn, riscossoCents: -cents as Cents })
  }
  const names = await capitoloNames(db)
  const inOrder = [...moves].sort(([a], [b]) => compare(names.get(a) ?? '', names.get(b) ?? ''))
  return inOrder.flatMap(([, of]) => of.sort((a, b) => compare(a.date, b.date)))
}

/** What each move says: «Accertamento 2026/12, Rossi Anna, Quota 2026». In the order of the moves. */
export async function mastroWords(db: ReadHandle, exercise: number, moves: readonly MastroMove[]): Promise<string[]> {
  const ids = (...kinds: MastroMove['kind'][]) => moves.filter((m) => kinds.includes(m.kind)).map((m) => m.id)
  const words = new Map<string, string>()
  const raised = ids('raised') as Id<'accertamento'>[]
  // Of very many, all those of the exercise come quicker than one slice after the other.
  for (const slice of raised.length > 5_000 ? [null] : chunks(raised, 500)) {
    let query = db
      .selectFrom('accertamento as a')
      .innerJoin('person as p', 'p.id', 'a.personId')
      .select(['a.id', 'a.number', 'a.causale', 'p.name'])
    query = slice === null ? query.where('a.exercise', '=', exercise) : query.where('a.id', 'in', slice)
    for (const a of await query.execute())
      words.set(`raised ${a.id}`, `Accertamento ${exercise}/${a.number}, ${a.name}, ${a.causale}`)
  }
  for (const slice of chunks(ids('varied') as Id<'accertamentoVariation'>[], 500)) {
    const rows = await db
      .selectFrom('accertamentoVariation as v')
      .innerJoin('accertamento as a', 'a.id', 'v.accertamentoId')
      .where('v.id', 'in', slice)
      .select(['v.id', 'v.reason', 'a.exercise', 'a.number'])
      .execute()
    for (const v of rows) {
      words.set(`varied ${v.id}`, `Variazione dell’accertamento ${v.exercise}/${v.number}: ${v.reason}`)
    }
  }
  for (const slice of chunks([...new Set(ids('reversale', 'annulled'))] as Id<'reversale'>[], 500)) {
    const rows = await db
      .selectFrom('reversale as r')
      .leftJoin('reversaleAnnulment as x', 'x.reversaleId', 'r.id')
      .where('r.id', 'in', slice)
      .select(['r.id', 'r.number', 'r.causale', 'r.originYear', 'x.reason'])
      .execute()
    for (const r of rows) {
      const origin = r.originYear < exercise ? `, residui ${r.originYear}` : ''
      words.set(`reversale ${r.id}`, `Reversale ${r.number}${origin}, ${r.causale}`)
      words.set(`annulled ${r.id}`, `Annullamento della reversale ${r.number}: ${r.reason ?? ''}`)
    }
  }
  return moves.map(({ kind, id }) =>
    kind === 'residui' ? `Residui al 1º gennaio, origine ${id}` : (words.get(`${kind} ${id}`) ?? ''),
  )
}

/** Code and name of every capitolo. */
export async function capitoloNames(db: ReadHandle): Promise<Map<number, string>> {
  const rows = await db.selectFrom('capitolo').select(['id', 'code', 'name']).execute()
  return new Map(rows.map((c) => [c.id, `${c.code} ${c.name}`]))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
