import { Button, Checkbox, Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconCopy, IconFileImport, IconFileSpreadsheet, IconPlus, IconUsers } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Id } from '#domain/brand'
import { isoDate } from '#domain/date'
import type { Problem } from '#domain/problem'
import type { TariffRow } from '#domain/tariff'
import { checkTariff } from '#domain/tariff-table'
import { SECTIONS, SERVICE_KINDS } from '#domain/vocabulary'
import { useAppState, useExercise } from '../app-state.ts'
import { client, orpc } from '../client.ts'
import { counted } from '../components/cells.tsx'
import { NotYet } from '../components/EmptyState.tsx'
import { ErrorNote } from '../components/ErrorNote.tsx'
import { askFile, saveFile, uploadFile } from '../components/files.ts'
import { Page } from '../components/Page.tsx'
import { say, sayFailure } from '../components/toast.ts'
import { mayLeave, useUnsaved } from '../components/unsaved.ts'
import { useKeys } from '../keys.ts'
import { problemsOf } from '../problems.ts'
import { useUrlState } from '../url-state.ts'
import { CopyYear } from './tariffs/CopyYear.tsx'
import { SavedByOthers } from './tariffs/SavedByOthers.tsx'
import { SheetProblems } from './tariffs/SheetProblems.tsx'
import { TariffChecks } from './tariffs/TariffChecks.tsx'
import { TariffSheet } from './tariffs/TariffSheet.tsx'
import { type DraftRow, draftOf, EMPTY_ROW, isEmptyRow, readDraft } from './tariffs/tariff-draft.ts'

interface Draft {
  /** Which table it was begun from. */
  readonly key: string
  readonly rows: readonly DraftRow[]
  readonly proRata: boolean
  /** Stands for the stored table that it would replace. */
  readonly mark: string
}

/** Emissione · Tariffe: what each kind of person pays of a tipo di dovuto in a year, written like a spreadsheet. */
export function Tariffs() {
  const exercise = useExercise()
  const today = useAppState().data?.today
  const navigate = useNavigate()
  const [url, setUrl] = useUrlState()
  const services = (useQuery(orpc.serviceType.list.queryOptions()).data ?? []).filter(
    (s) => s.active && s.kind !== 'mora',
  )
  const service =
    services.find((s) => String(s.id) === url.tipo) ?? services.find((s) => s.kind === 'quota') ?? services[0]
  const year = url.anno === undefined ? exercise : Number(url.anno)
  const serviceTypeId = (service?.id ?? 1) as Id<'serviceType'>
  const stored = useQuery(
    orpc.tariff.get.queryOptions({ input: { serviceTypeId, year }, enabled: service !== undefined }),
  )
  const words = useQuery(orpc.tariff.words.queryOptions()).data ?? { albo: [], section: [], status: [] }
  const [draft, setDraft] = useState<Draft | null>(null)
  const [copying, setCopying] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const [unreadable, setUnreadable] = useState<readonly Problem[]>([])

  const key = `${serviceTypeId} ${year}`
  const own = draft?.key === key ? draft : null
  const kept = { rows: (stored.data?.rows ?? []).map(draftOf), proRata: stored.data?.proRata ?? false }
  const rows = own?.rows ?? kept.rows
  const proRata = own?.proRata ?? kept.proRata
  const changed =
    own !== null && JSON.stringify([trim(own.rows), own.proRata]) !== JSON.stringify([kept.rows, kept.proRata])
  const hold = useUnsaved(changed)

  const full = trim(rows)
  const readings = full.map(readDraft)
  const places = rows.flatMap((row, at) => (isEmptyRow(row) ? [] : [at]))
  const unread = readings.flatMap(({ errors }, n) =>
    Object.values(errors).map(
      (text) => `Riga ${(places[n] ?? n) + 1}: ${text.charAt(0).toLowerCase()}${text.slice(1)}`,
    ),
  )
  const read = readings.flatMap((reading) => reading.row ?? [])
  const remarks = unread.length > 0 ? [] : checkTariff(read)
  const wrong = unread.length > 0 || remarks.some((remark) => remark.severity === 'error')
  // Remarks count the filled rows; on the sheet there may be empty ones between.
  const marked = new Map(remarks.flatMap((remark) => remark.rows.map((at) => [places[at] ?? at, remark] as const)))
  const [asked] = useDebouncedValue(
    { serviceTypeId, year, proRata, rows: read, date: today ?? isoDate(`${year}-01-01`) },
    250,
  )
  const gaps = useQuery({
    ...orpc.tariff.gaps.queryOptions({ input: asked, enabled: service !== undefined && !wrong && read.length > 0 }),
    placeholderData: keepPreviousData,
  })

  const mark = (changed ? own?.mark : undefined) ?? stored.data?.mark ?? ''
  const moved = changed && !busy && stored.data !== undefined && stored.data.mark !== mark
  const refused = moved && error !== null && problemsOf(error)[0]?.code === 'TARIFF_CHANGED'
  const edit = (patch: Partial<Draft>) => setDraft({ key, rows, proRata, mark, ...patch })
  const open = async (patch: { tipo?: string; anno?: string }) => {
    if (!(await mayLeave())) return
    setDraft(null)
    setError(null)
    setUrl(patch, { push: true })
  }
  const save = async () => {
    if (!changed || wrong) return
    setBusy(true)
    setError(null)
    try {
      const saving = client.tariff.save({ serviceTypeId, year, proRata, rows: read, mark })
      await hold.saving(saving.then(() => stored.refetch()))
      const saved = await saving
      hold.letGo()
      // What was typed meanwhile is not saved, and stays.
      setDraft((now) => (now === own || now === null ? null : { ...now, mark: saved.mark }))
      say(`Tariffa ${year} salvata.`)
    } catch (failure) {
      setError(failure)
      void stored.refetch()
    } finally {
      setBusy(false)
    }
  }
  const take = (taken: readonly TariffRow[], more: Partial<Draft> = {}) => edit({ rows: taken.map(draftOf), ...more })
  const importFile = async () => {
    const file = await askFile('.xlsx,.xls')
    if (!file) return
    setError(null)
    try {
      const { token } = await uploadFile(file)
      const found = await client.tariff.import({ token })
      setUnreadable(found.problems)
      if (found.rows.length > 0) take(found.rows)
    } catch (failure) {
      setError(failure)
    }
  }
  useKeys([
    { keys: 'Enter', label: 'riga sotto' },
    { keys: 'Ctrl+D', label: 'copia da sopra' },
    { keys: 'Ctrl+S', label: 'salva', run: () => void save() },
    {
      keys: 'Ctrl+Enter',
      label: 'genera le quote',
      run: () => void navigate({ to: '/quote/genera', search: target as never }),
    },
  ])
  const target = { tipo: String(serviceTypeId), anno: String(year) }
  const years = stored.data?.years ?? []
  const filled = full.length > 0
  return (
    <Page
      title={SECTIONS.tariffs}
      about={
        changed
          ? 'modificata, da salvare'
          : filled
            ? counted(full.length, 'riga', 'righe')
            : 'che cosa paga ciascuno, anno per anno'
      }
      back="/accertamenti"
      actions={
        <>
          <Button
            leftSection={<IconFileImport size={16} stroke={1.7} aria-hidden />}
            disabled={service === undefined}
            onClick={() => void importFile()}
          >
            Importa…
          </Button>
          <Button
            leftSection={<IconFileSpreadsheet size={16} stroke={1.7} aria-hidden />}
            disabled={!filled || changed}
            onClick={() => client.tariff.export({ serviceTypeId, year }).then(saveFile, sayFailure)}
          >
            Esporta
          </Button>
          <Button
            leftSection={<IconCopy size={16} stroke={1.7} aria-hidden />}
            disabled={years.length === 0 || (years.length === 1 && years[0] === year)}
            onClick={() => setCopying(true)}
          >
            Copia da un altro anno…
          </Button>
          <Button
            leftSection={<IconUsers size={16} stroke={1.7} aria-hidden />}
            disabled={!filled || changed}
            onClick={() => void navigate({ to: '/quote/genera', search: target as never })}
          >
            Genera le quote…
          </Button>
          <Button variant="filled" disabled={!changed || wrong} loading={busy} onClick={() => void save()}>
            Salva
          </Button>
        </>
      }
    >
      <div className="card tariff-bar">
        <Select
          className="tariff-type"
          label="Tipo di dovuto"
          data={services.map((s) => ({
            value: String(s.id),
            label: `${s.name} · ${SERVICE_KINDS[s.kind].toLowerCase()}`,
          }))}
          value={service === undefined ? null : String(service.id)}
          allowDeselect={false}
          onChange={(tipo) => tipo && void open({ tipo })}
        />
        <Select
          className="tariff-year"
          label="Anno"
          data={yearChoices(exercise, year, years)}
          value={String(year)}
          allowDeselect={false}
          onChange={(anno) => anno && void open({ anno })}
        />
        <Checkbox
          label="Chi si iscrive durante l’anno paga solo i mesi che restano, compreso quello d’iscrizione"
          checked={proRata}
          onChange={(e) => edit({ proRata: e.currentTarget.checked })}
        />
      </div>
      <ErrorNote error={refused ? stored.error : (error ?? stored.error)} />
      {moved && (
        <SavedByOthers
          rows={kept.rows}
          mine={full}
          proRata={kept.proRata === proRata ? null : kept.proRata}
          refused={refused}
          onKeep={() => {
            setError(null)
            edit({ mark: stored.data.mark })
          }}
          onTake={() => {
            setError(null)
            setDraft(null)
          }}
        />
      )}
      {unreadable.length > 0 && <SheetProblems problems={unreadable} onClose={() => setUnreadable([])} />}
      {stored.data !== undefined && rows.length === 0 ? (
        <NotYet
          stop="Quote"
          title={`Nessuna tariffa per «${service?.name ?? ''}» nel ${year}`}
          text="La tariffa dice quanto paga ciascuno, per categoria, albo, sezione e anni d’iscrizione. Con la tariffa le quote dell’anno si generano dall’albo, senza un file."
          ways={[
            ...(years.length > 0
              ? [
                  {
                    title: `Copia dal ${years[0]}`,
                    text: 'Con un aumento in percentuale, se serve',
                    icon: IconCopy,
                    run: () => setCopying(true),
                  },
                ]
              : []),
            {
              title: 'Scrivi la tariffa',
              text: 'Riga per riga, come in un foglio',
              icon: IconPlus,
              run: () => edit({ rows: [EMPTY_ROW] }),
            },
            {
              title: 'Importa un foglio',
              text: 'Un file xlsx con le colonne che «Esporta» scrive',
              icon: IconFileImport,
              run: () => void importFile(),
            },
          ]}
        />
      ) : (
        <div className="tariff-body">
          <div className="tariff-main">
            <TariffSheet
              rows={rows}
              readings={rows.map((row) => (isEmptyRow(row) ? { row: null, errors: {} } : readDraft(row)))}
              marked={marked}
              words={words}
              onChange={(next) => edit({ rows: next })}
              onAdd={() => edit({ rows: [...rows, EMPTY_ROW] })}
            />
            <div>
              <Button
                leftSection={<IconPlus size={14} stroke={1.7} aria-hidden />}
                disabled={service === undefined}
                onClick={() => edit({ rows: [...rows, EMPTY_ROW] })}
              >
                Aggiungi una riga
              </Button>
            </div>
          </div>
          <TariffChecks
            remarks={remarks}
            unread={unread}
            gaps={wrong || !filled ? undefined : gaps.data}
            error={gaps.error}
            filled={filled}
          />
        </div>
      )}
      {copying && (
        <CopyYear
          serviceTypeId={serviceTypeId}
          year={year}
          years={years.filter((y) => y !== year)}
          onCopy={(taken, pro) => take(taken, { proRata: pro })}
          onClose={() => setCopying(false)}
        />
      )}
    </Page>
  )
}

/** Rows without the empty ones: nobody has to take those away. */
function trim(rows: readonly DraftRow[]): DraftRow[] {
  return rows.filter((row) => !isEmptyRow(row))
}

function yearChoices(exercise: number, year: number, years: readonly number[]): string[] {
  const all = new Set([exercise + 1, exercise, exercise - 1, year, ...years])
  return [...all].sort((a, b) => b - a).map(String)
}
