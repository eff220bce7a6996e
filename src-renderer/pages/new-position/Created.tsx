import { Button } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { IconCloudUpload, IconPlus, IconPrinter, IconSend } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import { formatCents } from '#domain/money'
import { FIELDS } from '#domain/vocabulary'
import { counted, formatCount } from '../../components/cells.tsx'
import { Facts } from '../../components/Page.tsx'
import { Sheet } from '../../components/Sheet.tsx'
import { chooseForDelivery } from '../campaign/chosen.ts'
import { PublishPositions } from '../node/PublishPositions.tsx'
import { CopyNumber } from '../positions/CopyNumber.tsx'
import { printNotices, saveNotice } from '../positions/notice-work.ts'

export type Born = InferContractRouterOutputs<Contract>['positionAct']['create']

/** The position is born: its numbers, and at once what one does with it. */
export function Created({
  born,
  payer,
  onAnother,
}: {
  readonly born: Born
  readonly payer: string
  readonly onAnother: () => void
}) {
  const navigate = useNavigate()
  const [publishing, setPublishing] = useState(false)
  const selection = { ids: [born.debtPositionId] }
  const see = () =>
    void navigate({
      to: '/posizioni',
      search: { persona: String(born.personId), sel: String(born.debtPositionId) } as never,
    })
  const [only] = born.noticeNumbers
  return (
    <Sheet opened onClose={see} size={840} title={`Posizione creata: ${formatCents(born.cents)} € a ${payer}`}>
      <Facts
        rows={[
          [
            born.noticeNumbers.length === 1 ? FIELDS.noticeNumber : 'Numeri avviso',
            <span key="numeri" className="born-numbers">
              {born.noticeNumbers.length === 1 && only !== undefined ? (
                <CopyNumber value={only} />
              ) : (
                born.noticeNumbers.map((n, i) => <CopyNumber key={n} value={n} of={`n. ${i + 1}`} />)
              )}
            </span>,
          ],
          ...(born.accertamenti.length === 0
            ? []
            : [
                [
                  counted(born.accertamenti.length, 'accertamento nato', 'accertamenti nati'),
                  born.accertamenti.map((a) => `${formatCount(a.number)}/${a.exercise}`).join(', '),
                ] as const,
              ]),
        ]}
      />
      <div className="dialog-foot inset">
        <Button leftSection={<IconPlus size={16} stroke={1.7} aria-hidden />} onClick={onAnother}>
          Altra posizione
        </Button>
        <Button onClick={() => void saveNotice(born.debtPositionId)}>Salva in PDF</Button>
        <Button
          leftSection={<IconSend size={16} stroke={1.7} aria-hidden />}
          onClick={() => {
            chooseForDelivery({ selection, words: `l’avviso di ${payer}` })
            void navigate({ to: '/consegne/nuova', search: { scelte: 'si' } as never })
          }}
        >
          Invia…
        </Button>
        <Button
          leftSection={<IconCloudUpload size={16} stroke={1.7} aria-hidden />}
          onClick={() => setPublishing(true)}
        >
          Pubblica sul nodo…
        </Button>
        <Button
          variant="filled"
          data-autofocus
          leftSection={<IconPrinter size={16} stroke={1.7} aria-hidden />}
          onClick={() => printNotices(selection)}
        >
          Stampa l’avviso
        </Button>
      </div>
      {publishing && <PublishPositions selection={selection} onClose={() => setPublishing(false)} />}
    </Sheet>
  )
}
