import { Button, Modal } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { ErrorNote } from './ErrorNote.tsx'

interface ConfirmProps {
  readonly opened: boolean
  readonly onClose: () => void
  /** Repeated by the acting button unless `act` is given: «Emetti 5 reversali per 1.935,00 €». */
  readonly title: string
  readonly subtitle?: string
  /** The acting button: verb, number and object. */
  readonly act: string
  /** The harmless button, focused: «Torna all’elenco». */
  readonly leave?: string
  /** What cannot be undone and how it is corrected. */
  readonly warning?: ReactNode
  /** At the left of the buttons. */
  readonly note?: string
  readonly disabled?: boolean
  /** Red text for what takes away. */
  readonly danger?: boolean
  readonly wide?: boolean
  /** Red edge: real money, outside of this program. */
  readonly edge?: 'bad'
  readonly onConfirm: () => Promise<unknown> | undefined
  readonly children?: ReactNode
}

/** The only modal over the work: irreversible steps (SCREENS.md §6, picture 08b). Problems show inside, nothing is lost. */
export function ConfirmDialog(props: ConfirmProps) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  // A second click can come before the button is drawn as busy, or while the dialog is on its way out.
  const acting = useRef(false)
  useEffect(() => {
    if (props.opened) acting.current = false
  }, [props.opened])
  const close = () => {
    if (busy) return
    setError(null)
    props.onClose()
  }
  const confirm = async () => {
    if (acting.current) return
    acting.current = true
    holdSecondClick()
    setBusy(true)
    setError(null)
    try {
      await props.onConfirm()
      props.onClose()
    } catch (failure) {
      acting.current = false
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal
      opened={props.opened}
      onClose={close}
      withCloseButton={false}
      size={props.wide ? 820 : 640}
      padding={0}
      classNames={props.edge === undefined ? {} : { content: 'edge-bad' }}
      attributes={{ content: { 'aria-label': props.title } }}
    >
      <AlertRole />
      <div className="dialog-head">
        <h2 className="dialog-title">{props.title}</h2>
        {props.subtitle !== undefined && <p className="ink2">{props.subtitle}</p>}
      </div>
      <div className="dialog-body">
        {props.children}
        {props.warning !== undefined && (
          <div className="note note-warn">
            <IconLock size={16} stroke={1.7} aria-hidden />
            <div>{props.warning}</div>
          </div>
        )}
        <ErrorNote error={error} />
      </div>
      <div className="dialog-foot">
        <span className="muted small">{props.note}</span>
        <Button size="sm" onClick={close} data-autofocus disabled={busy}>
          {props.leave ?? 'Torna all’elenco'}
        </Button>
        <Button
          size="sm"
          variant={props.danger ? 'default' : 'filled'}
          className={props.danger ? 'danger' : ''}
          loading={busy}
          disabled={props.disabled ?? false}
          onClick={() => void confirm()}
        >
          {props.act}
        </Button>
      </div>
    </Modal>
  )
}

const SECOND_CLICK_MS = 600

/** The second of two quick clicks must not reach what lies under a dialog that has just gone. */
function holdSecondClick(): void {
  const hold = (event: MouseEvent) => {
    if (event.detail < 2) return
    event.preventDefault()
    event.stopPropagation()
  }
  const kinds = ['mousedown', 'mouseup', 'click', 'dblclick'] as const
  for (const kind of kinds) window.addEventListener(kind, hold, true)
  setTimeout(() => {
    for (const kind of kinds) window.removeEventListener(kind, hold, true)
  }, SECOND_CLICK_MS)
}

/** Mantine's content is always a `dialog`; a step that cannot be undone is announced as an alert. */
function AlertRole() {
  const here = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    here.current?.closest('[role="dialog"]')?.setAttribute('role', 'alertdialog')
  }, [])
  return <span ref={here} hidden />
}
