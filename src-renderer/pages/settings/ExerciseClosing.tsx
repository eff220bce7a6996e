import { Button, Checkbox, TextInput } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { IconAlertTriangle, IconArrowLeft, IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import { formatCents } from '#domain/money'
import { client, orpc } from '../../client.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { counted, Money } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { Card } from '../../components/Page.tsx'
import { St } from '../../components/St.tsx'
import { say } from '../../components/toast.ts'
import { openRoute } from '../../frame/routes.ts'

type Checklist = InferContractRouterOutputs<Contract>['exercise']['checklist']
type Line = Checklist['lines'][number]
type Move = 'close' | 'reopen' | 'approve'

const MARKS = { ok: IconCircleCheck, warning: IconAlertTriangle, blocking: IconCircleX }
const TONES = { ok: 't-ok', warning: 't-warn', blocking: 't-bad' }

/** The closing of one exercise: what to look at first, each line with its list; then closing, reopening, approving. */
export function ExerciseClosing({ year, onDone }: { readonly year: number; readonly onDone: () => void }) {
  const checklist = useQuery(orpc.exercise.checklist.queryOptions({ input: { year } }))
  const [read, setRead] = useState<ReadonlySet<string>>(new Set())
  const [asking, setAsking] = useState<Move | null>(null)
  const data = checklist.data
  const open = data?.state === 'open'
  const warnings = data?.lines.filter((line) => line.level === 'warning') ?? []
  const blocked = data?.lines.some((line) => line.level === 'blocking') ?? true
  const unread = warnings.filter((line) => !read.has(line.check))
  const tick = (check: string, on: boolean) =>
    setRead(new Set(on ? [...read, check] : [...read].filter((c) => c !== check)))
  return (
    <Card
      title={`Chiusura dell’esercizio ${year}`}
      about={data && <St family="exercise" code={data.state} />}
      grow
      label={`Chiusura dell’esercizio ${year}`}
      actions={
        <Button leftSection={<IconArrowLeft size={16} stroke={1.7} aria-hidden />} onClick={onDone}>
          Torna agli esercizi
        </Button>
      }
      foot={
        data && (
          <div className="closing-foot">
            <p className="ink2">{footText(data, year, blocked, unread.length)}</p>
            {open && (
              <Button variant="filled" disabled={blocked || unread.length > 0} onClick={() => setAsking('close')}>
                Chiudi il {year}…
              </Button>
            )}
            {data.state === 'closed' && (
              <>
                <Button onClick={() => setAsking('reopen')}>Riapri il {year}…</Button>
                <Button className="danger" onClick={() => setAsking('approve')}>
                  Approva il rendiconto {year}…
                </Button>
              </>
            )}
          </div>
        )
      }
    >
      <ErrorNote error={checklist.error} />
      {data && open && (
        <ul className="closing-list" aria-label="Elenco di controllo">
          {data.lines.map((line) => (
            <CheckRow key={line.check} line={line} read={read.has(line.check)} onRead={(on) => tick(line.check, on)} />
          ))}
        </ul>
      )}
      {data && !open && <p className="ink2">{stateText(data, year)}</p>}
      {asking !== null && data && (
        <MoveDialog
          move={asking}
          year={year}
          data={data}
          acknowledged={warnings.map((line) => line.check)}
          onClose={() => setAsking(null)}
        />
      )}
    </Card>
  )
}

function CheckRow({
  line,
  read,
  onRead,
}: {
  readonly line: Line
  readonly read: boolean
  readonly onRead: (on: boolean) => void
}) {
  const navigate = useNavigate()
  const Mark = MARKS[line.level]
  return (
    <li className={`closing-line ${line.level}`}>
      <Mark size={17} stroke={1.7} className={TONES[line.level]} aria-hidden />
      <div className="closing-text">
        <b className="strong">{line.title}</b>
        {line.text !== '' && <p className="ink2">{line.text}</p>}
      </div>
      <span className="closing-amount">{line.cents !== null && <Money cents={line.cents} euro />}</span>
      <span className="closing-open">
        {line.route !== null && (
          <button type="button" className="link" onClick={() => openRoute(navigate, line.route ?? '/')}>
            Apri l’elenco
          </button>
        )}
      </span>
      <span className="closing-tick">
        {line.level === 'warning' && (
          <Checkbox
            size="xs"
            label="Ho visto"
            aria-label={`Ho visto: ${line.title}`}
            checked={read}
            onChange={(e) => onRead(e.currentTarget.checked)}
          />
        )}
        {line.level === 'blocking' && <span className="t-bad small">Da risolvere</span>}
      </span>
    </li>
  )
}

function residuiWords(data: Checklist, year: number): string {
  const { count } = data.residui
  return count === 0
    ? `Non resta niente da portare nel ${year + 1}.`
    : `${counted(count, 'accertamento', 'accertamenti')} da portare nel ${year + 1} come residui.`
}

function footText(data: Checklist, year: number, blocked: boolean, unread: number) {
  if (data.state !== 'open') return null
  return (
    <>
      {residuiWords(data, year)}
      {data.residui.count > 0 && (
        <>
          {' '}
          In tutto <Money cents={data.residui.cents} euro strong />.
        </>
      )}
      {blocked && <span className="t-bad"> Prima si risolvono le voci in rosso.</span>}
      {!blocked && unread > 0 && <span className="t-warn"> Segna le voci che hai visto.</span>}
    </>
  )
}

function stateText(data: Checklist, year: number): string {
  if (data.state === 'approved') return `Il rendiconto ${year} è approvato: l’esercizio non cambia più.`
  return `L’esercizio è chiuso: i suoi libri non cambiano, e quello che restava da riscuotere è tra i residui del ${year + 1}. Finché il rendiconto non è approvato si può riaprire.`
}

const DIALOGS: Readonly<Record<Move, { readonly act: string; readonly warning: (year: number) => string }>> = {
  close: {
    act: 'Chiudi l’esercizio',
    warning: (year) =>
      `Da qui in poi accertamenti, variazioni, reversali e annullamenti del ${year} sono fermi. Si può riaprire finché il rendiconto non è approvato.`,
  },
  reopen: {
    act: 'Riapri l’esercizio',
    warning: (year) => `I residui portati nel ${year + 1} si riscrivono alla prossima chiusura.`,
  },
  approve: {
    act: 'Approva il rendiconto',
    warning: (year) => `Non si torna indietro: il ${year} non si riaprirà più, nemmeno per correggere un errore.`,
  },
}

/** Each move asks the year typed by hand: nobody closes an exercise by a slip of the mouse. */
function MoveDialog({
  move,
  year,
  data,
  acknowledged,
  onClose,
}: {
  readonly move: Move
  readonly year: number
  readonly data: Checklist
  readonly acknowledged: Line['check'][]
  readonly onClose: () => void
}) {
  const [typed, setTyped] = useState('')
  const [words, setWords] = useState('')
  const { act, warning } = DIALOGS[move]
  const asksWords = move !== 'close'
  const run = async () => {
    if (move === 'close') await client.exercise.close({ year, acknowledged })
    else if (move === 'reopen') await client.exercise.reopen({ year, reason: words })
    else await client.exercise.approve({ year, act: words })
    const done = { close: 'chiuso', reopen: 'riaperto', approve: 'approvato' }[move]
    say(`Esercizio ${year} ${done}.`)
  }
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`${act} ${year}`}
      {...(move === 'close'
        ? { subtitle: `${residuiWords(data, year)} In tutto ${formatCents(data.residui.cents)} €.` }
        : {})}
      act={`${act} ${year}`}
      leave="Torna all’elenco di controllo"
      danger={move === 'approve'}
      disabled={typed !== String(year) || (asksWords && words.trim().length < 3)}
      warning={warning(year)}
      onConfirm={run}
    >
      {asksWords && (
        <TextInput
          label={move === 'reopen' ? 'Motivo' : 'Atto di approvazione'}
          placeholder={move === 'reopen' ? '' : 'delibera n. … del …'}
          maxLength={120}
          value={words}
          onChange={(e) => setWords(e.currentTarget.value)}
        />
      )}
      <TextInput
        mt={8}
        label={`Scrivi ${year} per confermare`}
        inputMode="numeric"
        value={typed}
        onChange={(e) => setTyped(e.currentTarget.value.trim())}
      />
    </ConfirmDialog>
  )
}
