import { NumberInput } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import { formatDate } from '#domain/date'
import { client } from '../../client.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { say } from '../../components/toast.ts'

type Line = InferContractRouterOutputs<Contract>['reversale']['get']['document'][number]

/** The treasurer's numbers of the credits of a reversale, given or corrected after it was issued. */
export function ProvvisorioDialog({
  title,
  lines,
  onClose,
}: {
  readonly title: string
  readonly lines: readonly Line[]
  readonly onClose: () => void
}) {
  const credits = [...new Map(lines.map((line) => [line.bankMovementId, line])).values()]
  const [numbers, setNumbers] = useState<ReadonlyMap<number, string>>(
    new Map(credits.map((c) => [c.bankMovementId, c.provvisorio ?? ''])),
  )
  const changed = credits.filter((c) => (c.provvisorio ?? '') !== (numbers.get(c.bankMovementId) ?? ''))
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Numeri di provvisorio, ${title}`}
      subtitle="Il numero che il tesoriere ha dato all’accredito. Quello di prima resta scritto, annullato."
      act="Salva i numeri"
      disabled={changed.length === 0}
      onConfirm={async () => {
        for (const { bankMovementId } of changed) {
          const text = numbers.get(bankMovementId) ?? ''
          await client.reversale.setProvvisorio({ bankMovementId, number: text === '' ? null : Number(text) })
        }
        say('Numeri di provvisorio salvati.')
      }}
    >
      {credits.map((credit) => (
        <NumberInput
          key={credit.bankMovementId}
          mt={6}
          hideControls
          allowDecimal={false}
          allowNegative={false}
          max={9_999_999}
          label={`Accredito del ${formatDate(credit.bookingDate)}${credit.bankReference === null ? '' : `, riferimento ${credit.bankReference}`}`}
          placeholder="nessun numero"
          value={numbers.get(credit.bankMovementId) ?? ''}
          onChange={(value) => setNumbers(new Map(numbers).set(credit.bankMovementId, String(value)))}
        />
      ))}
    </ConfirmDialog>
  )
}
