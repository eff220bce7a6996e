import { Button } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconArrowRight, IconFolderOpen } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import type { FileToken } from '#domain/ports'
import { type Problem, problemText } from '#domain/problem'
import { REGISTER_FIELDS, type RegisterField } from '#domain/register-field'
import { missingFields, type RegisterMapping } from '#domain/register-mapping'
import { SECTIONS } from '#domain/vocabulary'
import { client, orpc } from '../../client.ts'
import { counted, formatCount } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { FileHeadTable } from '../../components/FileHeadTable.tsx'
import { Page } from '../../components/Page.tsx'
import { RefusedFile } from '../../components/RefusedFile.tsx'
import { say } from '../../components/toast.ts'
import { Views } from '../../components/Views.tsx'
import { startJob } from '../../jobs/jobs.ts'
import { useKeys } from '../../keys.ts'
import { ColumnHead, IGNORE } from './ColumnHead.tsx'
import { FieldPanel } from './FieldPanel.tsx'
import { type Draft, type Look, useDraft } from './import-draft.ts'
import { MapShape } from './MapShape.tsx'
import {
  absentColumns,
  fieldsOfColumn,
  fieldsOfGroup,
  GROUP_NAMES,
  GROUPS,
  refOf,
  withColumnField,
} from './mapping-edit.ts'
import { ProblemList } from './ProblemList.tsx'
import { ProfileMenu } from './ProfileMenu.tsx'
import { ReadTable } from './ReadTable.tsx'
import { FILE_KINDS } from './register-words.ts'
import { Steps } from './Steps.tsx'
import { Tally } from './Tally.tsx'
import { Translations } from './Translations.tsx'

const PREVIEW_AFTER_MS = 250
const PREVIEW_ROWS = 40

/** Second step: the fields are chosen in the head of the file's own columns; what is read of the first rows is seen live. */
export function MapColumns({
  token,
  after,
  fileName,
  onOther,
  onLeave,
  onRead,
}: {
  readonly token: FileToken
  /** The import that the file is read again for. */
  readonly after: number | null
  readonly fileName: string
  readonly onOther: () => void
  readonly onLeave: () => void
  readonly onRead: (imported: { readonly id: number; readonly state: string }) => void
}) {
  const draft = useDraft(token)
  const { look, mapping } = draft
  // Whoever types into a choice whose options are not there yet would choose nothing.
  const services = useQuery(orpc.serviceType.list.queryOptions())
  if (look.error !== null || look.data === undefined || mapping === null || services.data === undefined) {
    return (
      <Page title={SECTIONS.registerImport} about={fileName} back="/importa">
        {look.error !== null && <RefusedFile error={look.error} fileName={fileName} onOther={onOther} />}
        <ErrorNote error={services.error} />
        <LeaveKeys onOther={onOther} onLeave={onLeave} />
      </Page>
    )
  }
  return (
    <Mapper
      token={token}
      after={after}
      fileName={fileName}
      draft={draft}
      look={look.data}
      mapping={mapping}
      onOther={onOther}
      onLeave={onLeave}
      onRead={onRead}
    />
  )
}

function LeaveKeys({ onOther, onLeave }: { readonly onOther: () => void; readonly onLeave: () => void }) {
  useKeys([
    { keys: 'Ctrl+O', label: 'scegli un altro file', run: onOther },
    { keys: 'Escape', label: 'lascia', run: onLeave },
  ])
  return null
}

function Mapper({
  token,
  after,
  fileName,
  draft,
  look,
  mapping,
  onOther,
  onLeave,
  onRead,
}: {
  readonly token: FileToken
  readonly after: number | null
  readonly fileName: string
  readonly draft: Draft
  readonly look: Look
  readonly mapping: RegisterMapping
  readonly onOther: () => void
  readonly onLeave: () => void
  readonly onRead: (imported: { readonly id: number; readonly state: string }) => void
}) {
  const [shown, setShown] = useState<'file' | 'letto'>('file')
  const [side, setSide] = useState<'campi' | 'problemi'>('campi')
  const [opened, setOpened] = useState<RegisterField | null>(null)
  const [translating, setTranslating] = useState<RegisterField | null>(null)
  const [current, setCurrent] = useState(0)
  const [error, setError] = useState<unknown>(null)
  const [asked] = useDebouncedValue(mapping, PREVIEW_AFTER_MS)
  const preview = useQuery(
    orpc.registerImport.preview.queryOptions({
      input: { token, mapping: asked, rows: PREVIEW_ROWS },
      placeholderData: keepPreviousData,
      gcTime: 30_000,
    }),
  )
  const missing = missingFields(mapping)
  const absent = absentColumns(mapping, look.columns)
  const read = preview.data
  const whole = (read?.problems.first ?? []).filter((p) => p.severity === 'error')
  const problems = useMemo(
    () => [...(read?.problems.first ?? []), ...(read?.rows ?? []).flatMap((row) => row.problems)],
    [read],
  )
  const wrong = useMemo(() => wrongCells(problems), [problems])
  const at = side === 'problemi' ? problems[current]?.position : undefined
  useEffect(() => {
    if (at?.row === undefined) return
    const column = look.columns.findIndex((c) => c.letter === at.column)
    document.querySelector(`[data-cell="${at.row}-${column}"]`)?.scrollIntoView({ block: 'center', inline: 'center' })
  }, [at, look.columns])
  const why =
    missing.length > 0
      ? missingWords(missing)
      : absent.length > 0
        ? `nel file manca la colonna «${absent[0]}»`
        : whole[0] !== undefined
          ? problemText(whole[0])
          : null
  const ready = why === null
  const above = look.rows.filter((row) => row.number <= (mapping.headerRow ?? 0)).length
  const filled = look.sheets.find((s) => s.name === look.sheet)?.rows ?? null
  const total = filled === null ? null : filled - above
  const start = () => {
    if (!ready) return
    setError(null)
    const profileId = draft.profile !== null && !draft.changed ? draft.profile.id : null
    void startJob({
      title: 'Leggo il file delle quote',
      subtitle: fileName,
      unit: 'righe',
      cancelWord: 'Annulla lettura',
      cancelNote: 'Se annulli non resta niente nei conti',
      run: (signal) => client.registerImport.read({ token, mapping, profileId, after: after as never }, { signal }),
      onDone: onRead,
      onFailed: setError,
      onCancelled: () => say('Lettura annullata: niente è entrato nei conti.'),
    })
  }
  const next = (step: number) => {
    const first = missing[0]
    if (first !== undefined) {
      setSide('campi')
      setOpened(
        missing[(missing.indexOf(opened ?? first) + (opened === null ? 0 : step) + missing.length) % missing.length] ??
          first,
      )
    } else if (problems.length > 0) {
      setShown('file')
      setCurrent(side === 'campi' ? 0 : (current + step + problems.length) % problems.length)
      setSide('problemi')
    }
  }
  useKeys([
    { keys: 'Ctrl+Enter', label: 'controlla le righe', run: start },
    { keys: 'F8', label: missing.length > 0 ? 'campo che manca' : 'problema successivo', run: () => next(1) },
    { keys: 'Shift+F8', label: 'precedente', quiet: true, run: () => next(-1) },
    { keys: 'Ctrl+O', label: 'scegli un altro file', run: onOther },
    { keys: 'Escape', label: 'lascia', run: onLeave },
  ])
  const assign = (at: number, field: RegisterField | null) => {
    const column = look.columns[at]
    if (column !== undefined) draft.set(withColumnField(mapping, refOf(mapping, column), field))
  }
  const options = useMemo(
    () => [
      { value: IGNORE, label: 'ignora' },
      ...GROUP_NAMES.map((group) => ({
        group: GROUPS[group],
        items: fieldsOfGroup(group, mapping.purpose).map((value) => ({ value, label: REGISTER_FIELDS[value].label })),
      })).filter((g) => g.items.length > 0),
    ],
    [mapping.purpose],
  )
  return (
    <Page
      title={SECTIONS.registerImport}
      back="/importa"
      about={[fileName, FILE_KINDS[look.kind], ...(total === null ? [] : [counted(total, 'riga', 'righe')])].join(
        ' · ',
      )}
      actions={
        <>
          <Button leftSection={<IconFolderOpen size={16} stroke={1.7} aria-hidden />} onClick={onOther}>
            Scegli un altro file…
          </Button>
          <ProfileMenu draft={draft} look={look} mapping={mapping} ready={missing.length === 0} />
          {why !== null && (
            <span className="t-bad strong small map-why cut" title={why}>
              {why}
            </span>
          )}
          <Button
            variant="filled"
            disabled={!ready}
            rightSection={<IconArrowRight size={16} stroke={1.7} aria-hidden />}
            onClick={start}
          >
            Controlla le righe
          </Button>
        </>
      }
    >
      <Steps current={1} right={<ReadAs draft={draft} />} />
      {draft.profile?.assumption && !draft.changed && (
        <p className="note note-warn import-said">
          <span>
            «{draft.profile.name}» è un’ipotesi, mai provata su un file vero: guarda che ogni colonna sia quella giusta,
            poi salvala come profilo tuo.
          </span>
        </p>
      )}
      {look.macros && (
        <p className="note note-info import-said">
          <span>La cartella contiene macro: si leggono solo le celle, le macro non partono.</span>
        </p>
      )}
      <ErrorNote error={error ?? preview.error} />
      {/* A closed choice keeps Ctrl Invio for itself: here it goes on all the same. */}
      <div
        className="import-body map-body"
        onKeyDownCapture={(event) => {
          if (!event.ctrlKey || event.key !== 'Enter') return
          event.preventDefault()
          event.stopPropagation()
          start()
        }}
      >
        <div className="import-left">
          <MapShape draft={draft} look={look} mapping={mapping} />
          <Views
            label="Anteprima"
            tabs={[
              { id: 'file', label: 'Com’è nel file' },
              { id: 'letto', label: 'Come sarà letto' },
            ]}
            value={shown}
            onChange={(id) => setShown(id as 'file' | 'letto')}
            right={<Tally read={read} />}
          />
          <section
            className="card map-card"
            aria-label={shown === 'file' ? 'Com’è nel file' : 'Come sarà letto'}
            aria-busy={preview.isFetching || look !== draft.look.data}
          >
            {shown === 'file' ? (
              <FileHeadTable
                rows={look.rows}
                headerRow={mapping.headerRow}
                chosen={(c) => fieldsOfColumn(mapping, look.columns[c]?.letter ?? '').length > 0}
                cellClass={(row, c) => wrong.get(`${row.number}-${look.columns[c]?.letter ?? ''}`) ?? ''}
                onDropOn={(c, what) => {
                  const field = what.getData('text/plain')
                  if (Object.hasOwn(REGISTER_FIELDS, field)) assign(c, field as RegisterField)
                }}
                head={(c) => (
                  <ColumnHead
                    column={look.columns[c]}
                    fields={fieldsOfColumn(mapping, look.columns[c]?.letter ?? '')}
                    mapping={mapping}
                    options={options}
                    onChange={(field) => assign(c, field)}
                  />
                )}
              />
            ) : (
              <ReadTable read={read} mapping={mapping} />
            )}
          </section>
        </div>
        <div className="import-left">
          <Views
            label="Campi e problemi"
            tabs={[
              { id: 'campi', label: missing.length > 0 ? `Campi, ${formatCount(missing.length)} da dire` : 'Campi' },
              { id: 'problemi', label: 'Problemi', count: problems.length },
            ]}
            value={side}
            onChange={(id) => setSide(id as 'campi' | 'problemi')}
          />
          {side === 'campi' ? (
            <FieldPanel
              columns={look.columns}
              mapping={mapping}
              missing={missing}
              opened={opened}
              onOpen={setOpened}
              onChange={draft.set}
              onTranslate={setTranslating}
            />
          ) : (
            <ProblemList
              problems={problems}
              total={problems.length}
              current={current}
              onPick={(index) => {
                setShown('file')
                setCurrent(index)
              }}
              foot={null}
            />
          )}
        </div>
      </div>
      {translating !== null && (
        <Translations
          key={translating}
          token={token}
          field={translating}
          mapping={mapping}
          onChange={draft.set}
          onClose={() => setTranslating(null)}
        />
      )}
    </Page>
  )
}

function ReadAs({ draft }: { readonly draft: Draft }) {
  const { profile } = draft
  if (profile === null) return <>Profilo non riconosciuto: assegna le colonne</>
  return (
    <>
      Letto come <b className="strong">«{profile.name}»</b>
      {profile.assumption && ' (ipotesi da confermare)'}
      {draft.changed && ', modificato'}
    </>
  )
}

/** Class of each cell with a problem, by `row-letter`; an error hides a warning. */
function wrongCells(problems: readonly Problem[]): ReadonlyMap<string, string> {
  const cells = new Map<string, string>()
  for (const p of problems) {
    if (p.position?.row === undefined || p.position.column === undefined) continue
    const key = `${p.position.row}-${p.position.column}`
    if (cells.get(key) !== 'map-bad') cells.set(key, p.severity === 'error' ? 'map-bad' : 'map-warn')
  }
  return cells
}

function missingWords(missing: readonly RegisterField[]): string {
  const nouns = missing.map((field) => REGISTER_FIELDS[field].noun)
  if (nouns.length === 1) return `manca ${nouns[0]}`
  if (nouns.length > 2) return `mancano ${formatCount(nouns.length)} campi`
  return `mancano ${nouns.join(' e ')}`
}
