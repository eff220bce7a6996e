import { Modal } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'

/** A dialog for reading or choosing: title, close button, content. Irreversible steps use `ConfirmDialog`. */
export function Sheet({
  opened,
  onClose,
  title,
  size = 560,
  children,
}: {
  readonly opened: boolean
  readonly onClose: () => void
  readonly title: string
  readonly size?: number
  readonly children: ReactNode
}) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size={size}
      padding={16}
      withCloseButton={false}
      attributes={{ content: { 'aria-label': title } }}
    >
      <div className="sheet-head">
        <h2 className="dialog-title">{title}</h2>
        <button type="button" className="icon-button" aria-label="Chiudi" onClick={onClose}>
          <IconX size={16} stroke={1.7} aria-hidden />
        </button>
      </div>
      {children}
    </Modal>
  )
}
