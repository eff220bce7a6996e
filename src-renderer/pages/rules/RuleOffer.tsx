import { Button } from '@mantine/core'
import { IconBulb } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { client, orpc } from '../../client.ts'
import { counted } from '../../components/cells.tsx'
import { Key } from '../../components/Key.tsx'
import { sayFailure } from '../../components/toast.ts'
import { useKeys } from '../../keys.ts'

/** «Sempre così per …?»: what was done three times alike is offered as a rule, once. It will only propose. */
export function RuleOffer({ onSettled }: { readonly onSettled: () => Promise<unknown> }) {
  const queries = useQueryClient()
  const offered = useQuery(orpc.rule.offered.queryOptions({ placeholderData: (before) => before }))
  const rule = offered.data?.[0]
  const settle = (how: 'accept' | 'refuse') => {
    if (!rule) return
    void client.rule[how]({ id: rule.id })
      .then(() => queries.invalidateQueries({ queryKey: orpc.rule.key() }))
      .then(onSettled)
      .catch(sayFailure)
  }
  useKeys(
    rule
      ? [
          { keys: 'R', label: 'sempre così', run: () => settle('accept') },
          { keys: 'Shift+R', label: 'non proporre la regola', quiet: true, run: () => settle('refuse') },
        ]
      : [],
  )
  if (!rule) return null
  return (
    <div className="note rule-offer" role="status">
      <IconBulb size={16} stroke={1.7} aria-hidden />
      <div className="cut" title={`${rule.condition}. ${rule.action}`}>
        <b>{rule.question}</b> {rule.action}
        {rule.waiting > 0 &&
          ` · ne ${rule.waiting === 1 ? 'aspetta' : 'aspettano'} ${counted(rule.waiting, 'uno', 'altri')}`}
      </div>
      <Button size="xs" onClick={() => settle('accept')} rightSection={<Key keys="R" />}>
        Sì, proponilo
      </Button>
      <Button size="xs" onClick={() => settle('refuse')}>
        No
      </Button>
      <Link to="/riconciliazione/regole">Tutte le regole</Link>
    </div>
  )
}
