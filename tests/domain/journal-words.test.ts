import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { actSchema } from '#contract/decision'
import { isWorthTelling, journalText } from '#domain/journal-words'

const SRC = join(import.meta.dirname, '..', '..', 'src-main')

/** Names under which the program writes: `command(context, 'x.y'` and `command: 'x.y'`. */
function commandsWritten(): string[] {
  const names = new Set<string>()
  for (const room of ['services', 'ledger', 'hosts']) {
    for (const file of readdirSync(join(SRC, room), { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts')) continue
      const text = readFileSync(join(SRC, room, file), 'utf8')
      for (const [, name] of text.matchAll(/\b(?:command|settled)(?:\(\s*\w+,|:)\s*'([a-zA-Z]+\.[a-zA-Z]+)'/g))
        names.add(name as string)
    }
  }
  return [...names].sort()
}

describe('the journal in words', () => {
  it('has a sentence for every command that the program writes', () => {
    const names = commandsWritten()
    expect(names.length).toBeGreaterThan(30)
    expect(names.filter((name) => journalText(name, null) === name)).toEqual([])
  })

  it('adds what the entry knows: counts with their noun, amounts, the year, the outcome', () => {
    expect(journalText('reversale.post', { cents: 193500, reversali: 5 })).toBe('Reversali emesse: 5, 1.935,00 €')
    expect(journalText('registerImport.read', { fileName: 'quote.xlsx', rows: 1 })).toBe(
      'Registro letto: 1 riga, «quote.xlsx»',
    )
    expect(journalText('exercise.open', { year: 2027, state: 'open' })).toBe('Esercizio aperto: 2027')
    expect(journalText('delivery.outcome', { id: 7, state: 'failed' })).toBe('Esito di una consegna: non consegnata')
  })

  it('says what was decided, act by act; what older versions wrote stays readable', () => {
    const kinds = { match: 1, exclude: 12, keepReversale: 1 }
    expect(journalText('reconciliation.decide', { kinds, reason: 'come da estratto', annul: false })).toBe(
      'Deciso in riconciliazione: 1 abbinamento, 12 esclusioni, 1 reversale tenuta, come da estratto',
    )
    expect(journalText('reconciliation.assign', { subjects: 3, assignee: 'Ada' })).toBe('Righe assegnate: 3, «Ada»')
    expect(journalText('reconciliation.assign', { subjects: 1, assignee: null })).toBe('Righe assegnate: 1')
    const before = ['match', 'exclude', 'skip'].map((name) => journalText(`reconciliation.${name}`, null))
    expect(before).toEqual(['Accredito abbinato a mano', 'Accrediti esclusi', 'Accredito saltato per oggi'])
  })

  it('has words for every act that the work table can send', () => {
    const kinds = actSchema.options.map((option) => option.shape.kind.value)
    expect(kinds.length).toBeGreaterThan(9)
    const untold = kinds.filter((kind) => journalText('reconciliation.decide', { kinds: { [kind]: 2 } }).includes(kind))
    expect(untold).toEqual([])
  })

  it('leaves out of the last acts what is only a step of a campaign or a choice of columns', () => {
    expect(['delivery.outcome', 'setting.set', 'registerImport.tick'].some(isWorthTelling)).toBe(false)
    expect(['reversale.post', 'campaign.start', 'delivery.resolve'].every(isWorthTelling)).toBe(true)
  })
})
