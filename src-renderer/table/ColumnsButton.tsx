import { Button, Checkbox, Popover } from '@mantine/core'
import { IconColumns3, IconGripVertical } from '@tabler/icons-react'
import { useState } from 'react'
import type { ColumnSet } from './columns.ts'

/** «Colonne»: choose and drag; «Ripristina». What is chosen is also what is exported. */
export function ColumnsButton<Row>({ columns }: { readonly columns: ColumnSet<Row> }) {
  const [dragged, setDragged] = useState<string | null>(null)
  const choosable = columns.all.filter((c) => !c.action)
  return (
    <Popover position="bottom-end" width={270} withinPortal>
      <Popover.Target>
        <Button leftSection={<IconColumns3 size={16} stroke={1.7} aria-hidden />}>Colonne</Button>
      </Popover.Target>
      <Popover.Dropdown p={0}>
        <div className="columns-head">
          <span className="strong">Colonne</span>
          <button type="button" className="link small" onClick={columns.reset}>
            Ripristina
          </button>
        </div>
        <ul className="columns-list">
          {choosable.map((column, i) => (
            <li
              key={column.id}
              draggable
              onDragStart={() => setDragged(column.id)}
              onDragOver={(event) => event.preventDefault()}
              onDrop={() => {
                if (dragged !== null && dragged !== column.id) columns.move(dragged, column.id)
                setDragged(null)
              }}
              onKeyDown={(event) => {
                if (!event.altKey) return
                const other = choosable[i + (event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 2 : 0)]
                if (other && event.key.startsWith('Arrow')) {
                  event.preventDefault()
                  columns.move(column.id, other.id)
                }
              }}
            >
              <IconGripVertical size={14} stroke={1.7} aria-hidden />
              <Checkbox
                label={column.header}
                checked={columns.isShown(column.id)}
                onChange={(event) => columns.show(column.id, event.currentTarget.checked)}
              />
            </li>
          ))}
        </ul>
        <p className="columns-note">L’esportazione usa queste colonne, in quest’ordine. Alt ↑ ↓ le sposta.</p>
      </Popover.Dropdown>
    </Popover>
  )
}
