import { Button, Menu, Select } from '@mantine/core'
import { IconEye, IconFolderDown, IconListNumbers, IconPrinter, IconSend, IconStack2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { Id } from '#domain/brand'
import { formatDate, romeDate } from '#domain/date'
import { SECTIONS } from '#domain/vocabulary'
import { useExercise } from '../app-state.ts'
import { client, orpc } from '../client.ts'
import { counted } from '../components/cells.tsx'
import { NothingMatches, NotYet } from '../components/EmptyState.tsx'
import { FolderPicker } from '../components/FolderPicker.tsx'
import { Page } from '../components/Page.tsx'
import { sayFailure } from '../components/toast.ts'
import { startJob } from '../jobs/jobs.ts'
import { useKeys } from '../keys.ts'
import { ListSearch } from '../table/FilterBar.tsx'
import { useListState } from '../table/list-state.ts'
import { PAGE_ROWS, useListPages } from '../table/pages.ts'
import { chooseForDelivery } from './campaign/chosen.ts'
import { BatchList } from './notices/BatchList.tsx'
import { LetterCard } from './notices/LetterCard.tsx'
import { useLetterChoice } from './notices/letter-choice.ts'
import { NoticeList } from './notices/NoticeList.tsx'
import {
  BatchChecks,
  type CheckResult,
  NeutralMarks,
  NoticeFacts,
  type Sample,
  SampleList,
} from './notices/NoticeSide.tsx'
import { NoticeView } from './notices/NoticeView.tsx'
import { printNotices, saveNotice, saveNotices } from './positions/notice-work.ts'
import {
  POSITION_STATE_OPTIONS,
  type PositionList,
  type PositionRow,
  type PositionSelection,
} from './positions/position-list.tsx'

const ALL = 'tutti'
const SAMPLE = 12

/** Emissione · Avvisi: leafing through a batch as it prints (SCREENS.md §9.5). */
export function Notices() {
  const exercise = useExercise()
  const navigate = useNavigate()
  const list = useListState({ sort: 'personName' })
  const issuances = useQuery(
    orpc.issuance.list.queryOptions({ input: { filters: {}, search: '', sort: null, offset: 0, limit: 200 } }),
  )
  const batches = issuances.data?.rows ?? []
  const lotto = list.filters.lotto ?? (batches[0] ? String(batches[0].id) : ALL)
  const batch = batches.find((b) => String(b.id) === lotto)
  const state = list.filters.stato
  const query = {
    filters: {
      exercise: lotto === ALL ? exercise : null,
      issuanceId: lotto === ALL ? null : (Number(lotto) as Id<'issuance'>),
      state: state === undefined ? [] : [state as PositionRow['state']],
    },
    search: list.search,
    sort: list.sort,
  }
  const [range, setRange] = useState<readonly number[]>([0])
  const data = useListPages<PositionRow, PositionList['totals']>(
    ['debtPosition.list', 'avvisi', query],
    (paging, signal) => client.debtPosition.list({ ...query, ...paging }, { signal }),
    range,
  )
  const count = data.count ?? 0
  const index = useOpenIndex(list.open, data, setRange)
  const row = index < 0 ? undefined : data.rowAt(index)
  const [jump, setJump] = useState<number | null>(null)
  const go = (next: number) => {
    const target = data.rowAt(next)
    if (target) list.set({ sel: String(target.id) })
    else if (next >= 0 && next < count) {
      // Its page is asked for; the cursor follows when it is there.
      setJump(next)
      setRange((before) => withPages(before, [Math.floor(next / PAGE_ROWS)]))
    }
  }
  const arrived = jump === null ? undefined : data.rowAt(jump)
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the row asked for has come
  useEffect(() => {
    if (!arrived) return
    setJump(null)
    list.set({ sel: String(arrived.id) })
  }, [arrived])
  const step = (by: 1 | -1) => go(Math.max(0, index) + by)

  const { letters, known: lettersKnown, chosen: letter, choose } = useLetterChoice()
  const [result, setResult] = useState<CheckResult | null>(null)
  const [checking, setChecking] = useState(false)
  const [sample, setSample] = useState<Sample | null>(null)
  const [folder, setFolder] = useState(false)
  const [printing, setPrinting] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was found belongs to one batch
  useEffect(() => {
    setResult(null)
    setSample(null)
  }, [lotto])
  const whole: PositionSelection = { query: { ...query, sort: list.sort }, except: [] }
  const check = () => {
    setChecking(true)
    void startJob({
      title: 'Controllo gli avvisi',
      unit: 'avvisi',
      cancelWord: 'Annulla il controllo',
      cancelNote: 'Il controllo non cambia niente',
      run: (signal) => client.notice.check({ selection: whole }, { signal }),
      onDone: setResult,
    }).finally(() => setChecking(false))
  }
  const pickSample = () => {
    if (!batch) return
    client.notice.sample({ issuanceId: batch.id, count: Math.min(SAMPLE, Math.max(1, count)) }).then((found) => {
      setSample(found)
      const first = found[0]
      if (first) list.set({ sel: String(first.debtPositionId) })
    }, sayFailure)
  }
  const deliver = (one?: PositionRow) => {
    if (one) chooseForDelivery({ selection: { ids: [one.id] }, words: `l’avviso di ${one.personName}` })
    void navigate({ to: '/consegne/nuova', search: (one ? { scelte: 'si' } : lotto === ALL ? {} : { lotto }) as never })
  }
  useKeys([
    { keys: 'Ctrl+P', label: 'stampa…', run: () => count > 0 && setPrinting(true) },
    { keys: 'Ctrl+S', label: 'salva PDF', run: () => row && void saveNotice(row.id, letter) },
    { keys: 'Ctrl+Enter', label: 'prepara consegna…', quiet: true, run: () => count > 0 && deliver() },
  ])
  const nothing = data.count === 0 && !data.fetching
  const filtered = state !== undefined || list.search !== ''
  return (
    <Page
      title={SECTIONS.notices}
      about={
        batch
          ? `${batch.description}, lotto del ${formatDate(romeDate(batch.at))} · ${counted(batch.positions.count, 'avviso', 'avvisi')}`
          : issuances.data && counted(count, 'avviso', 'avvisi')
      }
      actions={
        <>
          <Button
            leftSection={<IconEye size={16} stroke={1.7} aria-hidden />}
            disabled={!batch || count === 0}
            onClick={pickSample}
          >
            Campionatura
          </Button>
          <BatchList batch={batch} />
          <Button
            leftSection={<IconFolderDown size={16} stroke={1.7} aria-hidden />}
            disabled={count === 0}
            onClick={() => setFolder(true)}
          >
            Salva tutti…
          </Button>
          <Menu
            opened={printing}
            onChange={setPrinting}
            position="bottom-end"
            transitionProps={{ duration: 0 }}
            withinPortal={false}
            withInitialFocusPlaceholder={false}
          >
            <Menu.Target>
              <Button leftSection={<IconPrinter size={16} stroke={1.7} aria-hidden />} disabled={count === 0}>
                Stampa…
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {letter !== null && (
                <Menu.Label>
                  Con la lettera «{letters.find((l) => l.id === letter.id)?.name}»{' '}
                  {letter.place === 'before' ? 'prima' : 'dopo'}
                </Menu.Label>
              )}
              <Menu.Item disabled={!row} onClick={() => row && printNotices({ ids: [row.id] }, letter)}>
                Questo avviso
              </Menu.Item>
              <Menu.Item onClick={() => printNotices(whole, letter)}>
                {filtered ? 'Quelli in elenco' : 'Tutto il lotto'}: {counted(count, 'avviso', 'avvisi')}
              </Menu.Item>
              {sample && (
                <Menu.Item onClick={() => printNotices({ ids: sample.map((s) => s.debtPositionId) }, letter)}>
                  La campionatura: {counted(sample.length, 'avviso', 'avvisi')}
                </Menu.Item>
              )}
            </Menu.Dropdown>
          </Menu>
          <Button
            variant="filled"
            leftSection={<IconSend size={16} stroke={1.7} aria-hidden />}
            disabled={count === 0}
            onClick={() => deliver()}
          >
            Prepara consegna…
          </Button>
        </>
      }
    >
      {nothing && !filtered && batches.length === 0 ? (
        <NotYet
          stop="Avviso"
          done={['Quote']}
          title="Qui arriveranno gli avvisi di pagamento"
          text="L’avviso è il foglio che la persona riceve e paga: ha il codice QR e il numero avviso. Nasce con la posizione debitoria, un lotto per volta."
          ways={[
            {
              title: 'Genera posizioni',
              text: 'Dagli accertamenti che non hanno ancora un avviso',
              icon: IconStack2,
              to: '/posizioni/genera',
            },
            {
              title: 'Vedi gli accertamenti',
              text: 'Che cosa deve ciascuno',
              icon: IconListNumbers,
              to: '/accertamenti',
            },
          ]}
        />
      ) : (
        <div className="notices">
          <NoticeList
            head={
              <>
                <Select
                  aria-label="Lotto"
                  value={lotto}
                  onChange={(value) => list.set({ lotto: value ?? undefined, sel: undefined })}
                  data={[
                    ...batches.map((b) => ({ value: String(b.id), label: `${b.description} (${b.positions.count})` })),
                    { value: ALL, label: `Tutti gli avvisi del ${exercise}` },
                  ]}
                />
                <Select
                  aria-label="Stato"
                  value={state ?? ''}
                  onChange={(value) => list.set({ stato: value ?? undefined, sel: undefined })}
                  data={[{ value: '', label: 'In qualunque stato' }, ...POSITION_STATE_OPTIONS]}
                />
                <ListSearch list={list} label="Nome, CF, numero" />
              </>
            }
            count={count}
            cents={data.totals?.cents ?? null}
            rowAt={data.rowAt}
            index={index}
            onIndex={go}
            onPages={(first, last) => setRange((before) => withPages(before, first === last ? [first] : [first, last]))}
            error={data.error ?? issuances.error}
          />
          {nothing ? (
            <NothingMatches filters="Nessun avviso con questi filtri." onClear={list.clearFilters} />
          ) : (
            <NoticeView
              row={lettersKnown ? row : undefined}
              letter={letter}
              index={index}
              count={count}
              neighbours={[1, 2, 3, -1].flatMap((by) => data.rowAt(index + by) ?? [])}
              later={[4, 5, 6, 7].flatMap((by) => data.rowAt(index + by) ?? [])}
              onStep={step}
            />
          )}
          <div className="notice-side">
            {row && (
              <NoticeFacts
                row={row}
                onPrint={() => printNotices({ ids: [row.id] }, letter)}
                onDeliver={() => deliver(row)}
              />
            )}
            {sample && (
              <SampleList
                sample={sample}
                open={list.open}
                onOpen={(id) => list.set({ sel: String(id) })}
                onClose={() => setSample(null)}
              />
            )}
            <LetterCard letters={letters} chosen={letter} onChoose={choose} />
            <BatchChecks result={result} busy={checking} count={count} onCheck={check} />
            <NeutralMarks />
          </div>
        </div>
      )}
      <FolderPicker
        opened={folder}
        onClose={() => setFolder(false)}
        onPick={(place) => saveNotices(whole, place, letter)}
        act={`Salva qui ${counted(count, 'PDF', 'PDF')}`}
      />
    </Page>
  )
}

/** Where the open notice stands; the first one when the address names none. Pages are asked until it is found. */
function useOpenIndex(
  open: number | null,
  data: ReturnType<typeof useListPages<PositionRow, PositionList['totals']>>,
  setRange: (change: (before: readonly number[]) => readonly number[]) => void,
): number {
  const count = data.count ?? 0
  let index = open === null && count > 0 ? 0 : -1
  let missing = -1
  for (let i = 0; i < count && index < 0; i += 1) {
    const row = data.rowAt(i)
    if (row?.id === open) index = i
    if (row === undefined && missing < 0) missing = i
  }
  const wanted = index < 0 && missing >= 0 && !data.fetching ? Math.floor(missing / PAGE_ROWS) : -1
  useEffect(() => {
    if (wanted >= 0) setRange((before) => withPages(before, [wanted]))
  }, [wanted, setRange])
  return index < 0 && count > 0 && missing < 0 ? 0 : index
}

function withPages(before: readonly number[], wanted: readonly number[]): readonly number[] {
  return wanted.every((page) => before.includes(page)) ? before : [...new Set([...before, ...wanted])]
}
