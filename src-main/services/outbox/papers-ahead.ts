import type { Id } from '#domain/brand'
import { ProblemError } from '#domain/problem'
import type { QueuedDelivery } from '#ledger/delivery-queue'
import { type NoticeFacts, readNoticeFacts } from '#ledger/notice-facts'
import type { ServiceContext } from '../context.ts'
import { BATCH, drawOne, noticePaper, type PaperRun } from '../notice-paper.ts'
import type { DrawnNotice } from '../paper-messages.ts'

type Drawn = Extract<DrawnNotice, { ok: true }>

/**
 * Draws the papers of what will be sent next, a batch at a time, while the one before is leaving. A paper is used only
 * if the facts it was drawn from are still those at the moment of sending.
 */
export class PapersAhead {
  readonly #context: ServiceContext
  readonly #run: PaperRun
  readonly #purpose: 'notice' | 'reminder'
  readonly #ready = new Map<Id<'debtPosition'>, { readonly facts: string; readonly drawn: DrawnNotice }>()
  #drawing: Promise<void> | null = null

  constructor(context: ServiceContext, run: PaperRun, purpose: 'notice' | 'reminder') {
    this.#context = context
    this.#run = run
    this.#purpose = purpose
  }

  prepare(next: readonly QueuedDelivery[]): void {
    if (this.#drawing !== null || this.#ready.size > BATCH / 2) return
    const wanted = next.map((one) => one.debtPositionId).filter((id) => !this.#ready.has(id))
    if (wanted.length === 0) return
    this.#drawing = this.#draw([...new Set(wanted)].slice(0, BATCH))
      // Who needs the paper draws it again and hears why it fails.
      .catch(() => undefined)
      .finally(() => {
        this.#drawing = null
      })
  }

  /** @throws ProblemError where a text cannot be printed. */
  async take(facts: NoticeFacts): Promise<Drawn> {
    const id = facts.debtPositionId
    if (!this.#ready.has(id)) await this.#drawing
    const ready = this.#ready.get(id)
    this.#ready.delete(id)
    if (ready === undefined || ready.facts !== JSON.stringify(facts)) {
      return drawOne(this.#context.press, facts, this.#run)
    }
    if (!ready.drawn.ok) throw new ProblemError(...ready.drawn.problems)
    return ready.drawn
  }

  /** Waits for the batch under way: nothing goes on behind anybody's back. */
  async close(): Promise<void> {
    await this.#drawing
    this.#ready.clear()
  }

  async #draw(ids: readonly Id<'debtPosition'>[]): Promise<void> {
    const facts = await this.#context.ledger.read((db) => readNoticeFacts(db, ids, this.#purpose))
    const papers = facts.map((one) => noticePaper(one, this.#run))
    const drawn = await this.#context.press.draw(this.#run.kit, papers)
    for (const [i, one] of facts.entries()) {
      this.#ready.set(one.debtPositionId, { facts: JSON.stringify(one), drawn: drawn[i] as DrawnNotice })
    }
  }
}
