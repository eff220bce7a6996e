import { Button } from '@mantine/core'
import { IconReceiptEuro } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Id } from '#domain/brand'
import { orpc } from '../../client.ts'
import { counted, Money } from '../../components/cells.tsx'
import { PanelPart } from '../../table/DetailPanel.tsx'
import { PostDialog } from './PostDialog.tsx'
import { type Scope, WHOLE } from './ready.ts'

/** The reversali of one flow alone, issued from its panel; nothing while it has none ready. */
export function PostFlow({ flow }: { readonly flow: { readonly id: Id<'reportingFlow'> } }) {
  const scope: Scope = { ...WHOLE, reportingFlowId: flow.id }
  const ready = useQuery(orpc.reversale.ready.queryOptions({ input: scope }))
  const [posting, setPosting] = useState(false)
  if (!ready.data || ready.data.drafts.length === 0) return null
  const { count, cents } = ready.data.totals
  return (
    <PanelPart>
      <div className="panel-act">
        <Button
          variant="filled"
          leftSection={<IconReceiptEuro size={16} stroke={1.7} aria-hidden />}
          onClick={() => setPosting(true)}
        >
          Emetti {counted(count, 'reversale', 'reversali')}…
        </Button>
        <Money cents={cents} euro />
      </div>
      {posting && (
        <PostDialog ready={ready.data} scope={scope} chosen={null} changes={{}} onClose={() => setPosting(false)} />
      )}
    </PanelPart>
  )
}
