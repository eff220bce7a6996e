import { type CausaleExplanation, explainCausale as explain } from '#domain/causale'
import { formatCents } from '#domain/money'
import { type Command, EXIT, UsageError } from './command.ts'

export const explainCausale: Command = {
  name: 'explain-causale',
  usage: 'explain-causale "<testo>"',
  summary: 'dice quale flusso o IUV nomina la causale di un accredito',
  async run({ positionals }) {
    if (positionals.length === 0) throw new UsageError('Manca il testo della causale, fra virgolette.')
    const explanation = explain(positionals.join(' '))
    return { code: EXIT.ok, json: explanation, text: words(explanation) }
  },
}

function words(found: CausaleExplanation): string {
  switch (found.kind) {
    case 'flow':
      return `Nomina il flusso di rendicontazione ${found.flowId}.`
    case 'iuv':
      return `Nomina lo IUV ${found.iuv}${found.amountCents === null ? '' : ` per € ${formatCents(found.amountCents)}`}.`
    case 'truncated':
      return 'Nomina un flusso di rendicontazione, ma il testo è tagliato prima della fine.'
    case 'none':
      return 'Non nomina né un flusso né uno IUV.'
  }
}
