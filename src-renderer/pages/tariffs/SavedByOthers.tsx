import { IconAlertTriangle } from '@tabler/icons-react'
import { counted } from '../../components/cells.tsx'
import { DRAFT_COLUMNS, type DraftRow } from './tariff-draft.ts'

/** Rows told by name; beyond these their number. */
const TOLD = 4

/** The table was saved elsewhere while it is being written here: what is typed stays until a person chooses. */
export function SavedByOthers({
  rows,
  mine,
  proRata,
  refused,
  onKeep,
  onTake,
}: {
  /** As it is stored now. */
  readonly rows: readonly DraftRow[]
  readonly mine: readonly DraftRow[]
  /** What is stored of the months that are left; null where it says the same. */
  readonly proRata: boolean | null
  /** «Salva» was pressed all the same. */
  readonly refused: boolean
  readonly onKeep: () => void
  readonly onTake: () => void
}) {
  const different = rowsApart(rows, mine)
  const alone = rowsApart(mine, rows).length
  return (
    <div className={`note ${refused ? 'note-bad' : 'note-warn'} tariff-said`} role={refused ? 'alert' : 'status'}>
      <IconAlertTriangle size={16} stroke={1.7} aria-hidden />
      <div>
        <p>
          <b className="strong">Questa tariffa è stata salvata da altri mentre la scrivevi.</b> La tua è ancora qui, non
          salvata{refused ? ': prima scegli quale tenere' : ''}.
        </p>
        <p>
          {different.length > 0 && (
            <>
              In quella salvata, e non nella tua: {different.slice(0, TOLD).map(inWords).join('; ')}
              {different.length > TOLD && ` e altre ${different.length - TOLD}`}.{' '}
            </>
          )}
          {alone > 0 && <>Solo nella tua: {counted(alone, 'riga', 'righe')}. </>}
          {proRata !== null && (
            <>Chi si iscrive durante l’anno, in quella salvata, paga {proRata ? 'i mesi che restano' : 'tutto'}. </>
          )}
        </p>
        <p>
          <button type="button" className="link" onClick={onKeep}>
            Tieni la mia
          </button>{' '}
          (poi salva) ·{' '}
          <button type="button" className="link" onClick={onTake}>
            Prendi quella salvata
          </button>
        </p>
      </div>
    </div>
  )
}

function rowsApart(rows: readonly DraftRow[], others: readonly DraftRow[]): DraftRow[] {
  const known = new Set(others.map(textOf))
  return rows.filter((row) => !known.has(textOf(row)))
}

function textOf(row: DraftRow): string {
  return DRAFT_COLUMNS.map((column) => row[column].trim()).join('\t')
}

/** «ORD Ordinaria, 215,00» */
function inWords({ code, description, value }: DraftRow): string {
  return `${`${code} ${description}`.trim()}, ${value}`
}
