import { type Next, pickWeighted } from './dice.ts'

/** How a bank hands over the remittance text of a credit (bank.md §1.2). */
export type Damage = 'none' | 'blankInDate' | 'slashesLost' | 'continuation' | 'glued' | 'repeated' | 'cut'

const DAMAGES: readonly { readonly damage: Damage; readonly weight: number }[] = [
  { damage: 'none', weight: 60 },
  { damage: 'blankInDate', weight: 10 },
  { damage: 'slashesLost', weight: 6 },
  { damage: 'continuation', weight: 5 },
  { damage: 'glued', weight: 12 },
  { damage: 'repeated', weight: 5 },
  { damage: 'cut', weight: 2 },
]

export function rollDamage(next: Next): Damage {
  return pickWeighted(next, DAMAGES).damage
}

/** `/PUR/LGPE-RIVERSAMENTO/TXT/<n>/URI/<id>` as that bank writes it. `part` is the progressive of the transfer, 0 as a rule. */
export function causaleOf(flowId: string, part: number, damage: Damage): string {
  const plain = `/PUR/LGPE-RIVERSAMENTO/TXT/${part}/URI/${flowId}`
  switch (damage) {
    case 'none':
      return plain
    case 'blankInDate':
      return plain.replace(flowId, `${flowId.slice(0, 6)} ${flowId.slice(6)}`)
    case 'slashesLost':
      return plain.replaceAll('/', ' ').trim()
    case 'continuation':
      return plain.replace(flowId, `${flowId.slice(0, -4)} /ZZ4/${flowId.slice(-4)}`)
    case 'glued':
      return `RI1${plain}`
    case 'repeated':
      return `${plain} PER ${plain.replace(flowId, `${flowId.slice(0, 3)} ${flowId.slice(3)}`)}`
    case 'cut':
      return plain.slice(0, plain.length - 5)
  }
}
