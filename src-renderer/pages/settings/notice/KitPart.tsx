import { Button } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { IconPhotoOff, IconPhotoUp, IconUpload, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import { NOTICE_GRAPHIC_KINDS, NOTICE_GRAPHICS, type NoticeGraphic } from '#domain/notice-graphics'
import { type Problem, problemPlace, problemText } from '#domain/problem'
import { client, orpc } from '../../../client.ts'
import { counted } from '../../../components/cells.tsx'
import { ErrorNote } from '../../../components/ErrorNote.tsx'
import { useFileDrop } from '../../../components/file-drop.ts'
import { askFile, askFiles, uploadFile } from '../../../components/files.ts'
import { useObjectUrl } from '../../../components/object-url.ts'
import { ToneText } from '../../../components/St.tsx'
import { problemsOf } from '../../../problems.ts'
import { isNeeded } from './style.ts'

type Outputs = InferContractRouterOutputs<Contract>['noticeStyle']
type Loaded = Outputs['get']['graphics'][number]
type Outcome = Outputs['addGraphics']

/** The official graphic kit: loaded once, piece by piece or as one zip. */
export function KitPart({ graphics, slip }: { readonly graphics: readonly Loaded[]; readonly slip: boolean }) {
  const [busy, setBusy] = useState(false)
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const [error, setError] = useState<unknown>(null)
  const act = async (work: () => Promise<Outcome | null>) => {
    setBusy(true)
    setError(null)
    setOutcome(null)
    try {
      setOutcome(await work())
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  const load = (files: readonly File[]) => {
    if (files.length === 0 || busy) return
    void act(async () => {
      const { tokens, refused } = await uploadAll(files)
      const { added, ignored, problems } =
        tokens.length === 0
          ? { added: [], ignored: [], problems: { first: [], total: 0 } }
          : await client.noticeStyle.addGraphics({ tokens })
      return {
        added,
        ignored,
        problems: { first: [...refused, ...problems.first], total: refused.length + problems.total },
      }
    })
  }
  // Chosen for this piece, so whatever it was called it gets the piece's own name.
  const loadPiece = (kind: NoticeGraphic, file: File | null) => {
    const format = file === null ? undefined : /\.(svg|png)$/i.exec(file.name)?.[0]
    if (file !== null) load([new File([file], `${NOTICE_GRAPHICS[kind].stem}${format ?? '.png'}`)])
  }
  const over = useFileDrop(load)
  return (
    <>
      <p className="ink2 small kit-why">
        I segni di pagoPA e di Poste sono marchi: il programma non li può portare con sé. Finché non li carichi, al loro
        posto l’avviso stampa parole e disegni neutri; si paga lo stesso, ma non ha l’aspetto ufficiale. Il kit si
        scarica dalla guida agli avvisi di pagoPA, <span className="mono">docs.pagopa.it/avviso-pagamento</span>, alla
        voce degli elementi grafici; i file hanno già il nome giusto.
      </p>
      <div className={`drop kit-drop${over ? ' over' : ''}`}>
        <IconPhotoUp size={24} stroke={1.5} aria-hidden />
        <div className="drop-text">
          <span className="strong">Trascina qui il kit</span>
          <span className="muted small">lo zip intero, oppure i suoi file SVG o PNG</span>
        </div>
        <Button loading={busy} onClick={() => void askFiles('.zip,.svg,.png').then(load)}>
          Scegli i file…
        </Button>
      </div>
      <ErrorNote error={error} />
      <div role="status">{outcome && <OutcomeNote outcome={outcome} />}</div>
      <ul className="kit" aria-label="Pezzi del kit">
        {NOTICE_GRAPHIC_KINDS.map((kind) => (
          <Piece
            key={kind}
            kind={kind}
            loaded={graphics.find((g) => g.kind === kind)}
            needed={isNeeded(kind, slip)}
            busy={busy}
            onLoad={() => void askFile('.svg,.png').then((file) => loadPiece(kind, file))}
            onRemove={() =>
              void act(async () => {
                await client.noticeStyle.removeGraphic({ kind })
                return null
              })
            }
          />
        ))}
      </ul>
    </>
  )
}

/** One that does not get through must not hold back the others. */
async function uploadAll(files: readonly File[]) {
  const tokens: Awaited<ReturnType<typeof uploadFile>>['token'][] = []
  const refused: Problem[] = []
  for (const file of files) {
    try {
      tokens.push((await uploadFile(file)).token)
    } catch (failure) {
      const problems = problemsOf(failure)
      if (problems.length === 0) throw failure
      refused.push(...problems.map((p) => ({ ...p, file: file.name })))
    }
  }
  return { tokens, refused }
}

function Piece({
  kind,
  loaded,
  needed,
  busy,
  onLoad,
  onRemove,
}: {
  readonly kind: NoticeGraphic
  readonly loaded: Loaded | undefined
  readonly needed: boolean
  readonly busy: boolean
  readonly onLoad: () => void
  readonly onRemove: () => void
}) {
  const { label, stem, obligatory } = NOTICE_GRAPHICS[kind]
  const blob = useQuery(orpc.noticeStyle.graphic.queryOptions({ input: { kind }, enabled: loaded !== undefined })).data
  const url = useObjectUrl(loaded === undefined ? null : (blob ?? null))
  return (
    <li title={loaded ? loaded.fileName : `Il suo file si chiama ${stem}.svg o ${stem}.png`}>
      <span className={`kit-thumb${url === null ? ' none' : ''}`}>
        {url === null ? <IconPhotoOff size={18} stroke={1.5} aria-hidden /> : <img src={url} alt={label} />}
      </span>
      <span className="kit-text">
        <span className="strong">{label}</span>
        {loaded ? (
          <ToneText tone="ok">{`${loaded.format.toUpperCase()}, ${Math.max(1, Math.round(loaded.bytes / 1024))} kB`}</ToneText>
        ) : needed ? (
          <ToneText tone="warn">manca</ToneText>
        ) : (
          <ToneText tone="neu">{obligatory === 'postal' ? 'per il bollettino' : 'facoltativo'}</ToneText>
        )}
      </span>
      {loaded && (
        <button
          type="button"
          className="icon-button"
          aria-label={`Togli ${label}`}
          title="Togli"
          disabled={busy}
          onClick={onRemove}
        >
          <IconX size={15} stroke={1.7} aria-hidden />
        </button>
      )}
      {!loaded && (
        <button
          type="button"
          className="icon-button"
          aria-label={`Carica ${label}…`}
          title="Carica solo questo…"
          disabled={busy}
          onClick={onLoad}
        >
          <IconUpload size={15} stroke={1.7} aria-hidden />
        </button>
      )}
    </li>
  )
}

/** What became of the files: taken, refused with the reason, not recognised. */
function OutcomeNote({ outcome }: { readonly outcome: Outcome }) {
  const { added, ignored, problems } = outcome
  const tone = problems.total > 0 ? 'bad' : added.length === 0 ? 'warn' : 'ok'
  return (
    <div className={`note note-${tone} kit-outcome`}>
      <div>
        <p>
          {added.length === 0
            ? 'Nessun pezzo caricato.'
            : `${counted(added.length, 'pezzo caricato', 'pezzi caricati')}: ${added.map((kind) => NOTICE_GRAPHICS[kind].label).join(', ')}.`}
        </p>
        {problems.first.map((p, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes while shown
          <p key={i}>
            <span className="strong">{p.file ?? problemPlace(p)}</span> {problemText(p)}
          </p>
        ))}
        {ignored.length > 0 && (
          <p>
            {counted(ignored.length, 'file lasciato', 'file lasciati')} perché il nome non è di un pezzo del kit:{' '}
            <span className="mono">{ignored.slice(0, 6).join(', ')}</span>
            {ignored.length > 6 && ` e altri ${ignored.length - 6}`}.
            {added.length === 0 &&
              problems.total === 0 &&
              ' Un pezzo con un altro nome si carica qui sotto, al suo posto.'}
          </p>
        )}
      </div>
    </div>
  )
}
