import type { InferContractRouterOutputs } from '@orpc/contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import type { Id } from '#domain/brand'
import { FIELDS } from '#domain/vocabulary'
import { client, orpc } from '../../client.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { counted, DateText, Money, Mono } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { ReasonField } from '../../components/fields.tsx'
import { RadioCards } from '../../components/RadioCards.tsx'
import { ScrollBox } from '../../components/ScrollBox.tsx'
import { say } from '../../components/toast.ts'

type Alarm = InferContractRouterOutputs<Contract>['reversale']['alarm']
type Choice = 'reissue' | 'keep'

const CHANGES: Readonly<Record<Alarm['lines'][number]['change'], { readonly word: string; readonly tone: string }>> = {
  gone: { word: 'esce', tone: 't-bad' },
  new: { word: 'entra', tone: 't-ok' },
  same: { word: 'resta', tone: 'muted' },
}

/** What annulling and issuing again would change, line by line; or the choice to keep the reversale as it is. */
export function AlarmDialog({ id, onClose }: { readonly id: Id<'reversale'>; readonly onClose: () => void }) {
  const alarm = useQuery(orpc.reversale.alarm.queryOptions({ input: { id } }))
  const [choice, setChoice] = useState<Choice>('reissue')
  const [reason, setReason] = useState('')
  const data = alarm.data
  const name = data?.reversale ?? ''
  const empty = data?.nextCents === 0
  const act =
    choice === 'keep' ? `Tieni la reversale ${name}` : empty ? `Annulla la reversale ${name}` : `Annulla e riemetti`
  const run = async () => {
    if (!data) return
    if (choice === 'keep') {
      await client.reversale.keep({ id, reason })
      say(`Reversale ${name} tenuta.`)
      return
    }
    const done = await client.reversale.reissue({ id, reason, expectedCents: data.nextCents })
    const { count, first } = done.issued
    say(
      count === 0
        ? `Reversale ${name} annullata.`
        : `Reversale ${name} annullata; ${counted(count, 'emessa', 'emesse')} al suo posto, da ${first}.`,
    )
  }
  return (
    <ConfirmDialog
      opened
      wide
      onClose={onClose}
      title={`La reversale ${name} non è più sostenuta`}
      subtitle="Flussi e accrediti oggi dicono un’altra cosa. I libri non cambiano da soli: scegli tu."
      act={act}
      danger={choice === 'reissue'}
      disabled={!data || reason.trim().length < 3}
      warning={
        choice === 'keep'
          ? 'La reversale resta com’è e non si segnala più. I pagamenti che usavano lo stesso accredito restano in attesa. La scelta si può ritirare dal suo pannello.'
          : 'Un annullamento non si disfa: il numero resta usato, barrato, con il motivo.'
      }
      onConfirm={run}
    >
      <ErrorNote error={alarm.error} />
      {data && (
        <>
          <ScrollBox className="post-table alarm-lines" label="Che cosa cambia">
            <table className="plain">
              <thead>
                <tr>
                  <th>Cambia</th>
                  <th>{FIELDS.accertamentoShort}</th>
                  <th>{FIELDS.debtor}</th>
                  <th>IUV</th>
                  <th>Accredito</th>
                  <th className="right">Importo €</th>
                </tr>
              </thead>
              <tbody>
                {data.lines.map((line, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the order is the answer's
                  <tr key={i} className={line.change === 'gone' ? 'struck' : ''}>
                    <td className={`${CHANGES[line.change].tone} strong`}>{CHANGES[line.change].word}</td>
                    <td>{line.accertamento}</td>
                    <td>{line.personName}</td>
                    <td>
                      <Mono>{line.iuv}</Mono>
                    </td>
                    <td>
                      <DateText date={line.bookingDate} />
                    </td>
                    <td className="right">
                      <Money cents={line.cents} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollBox>
          <div className="post-sums">
            <span>
              Oggi nei libri <Money cents={data.cents} euro strong />
            </span>
            {data.waitingCents > 0 && (
              <span className="muted">
                altri <Money cents={data.waitingCents} euro /> aspettano un’altra reversale da decidere
              </span>
            )}
            <span>
              Da riemettere <Money cents={data.nextCents} euro strong />
            </span>
          </div>
          <RadioCards
            mt={10}
            aria-label="Che cosa fare"
            value={choice}
            onChange={setChoice}
            choices={[
              {
                value: 'reissue',
                label: empty ? 'Annulla' : 'Annulla e riemetti',
                description: empty ? 'niente prende il suo posto' : 'in un atto solo, con un numero nuovo',
              },
              { value: 'keep', label: 'Tieni', description: 'la reversale resta com’è' },
            ]}
          />
          <ReasonField mt={10} value={reason} onChange={setReason} />
        </>
      )}
    </ConfirmDialog>
  )
}
