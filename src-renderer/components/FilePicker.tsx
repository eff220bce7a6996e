import { Button } from '@mantine/core'
import { type Icon, IconFileUpload } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { Key } from './Key.tsx'

/** Drop or choose one file. `accept` as of an input: `.xlsx`. */
export function FilePicker({
  title,
  text,
  accept,
  onFile,
  icon: Shape = IconFileUpload,
  button = 'Scegli il file…',
  keys,
  multiple = false,
}: {
  readonly title: string
  readonly text: string
  readonly accept: string
  readonly onFile: (file: File) => void
  readonly icon?: Icon
  readonly button?: string
  readonly keys?: string
  readonly multiple?: boolean
}) {
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const take = (files: FileList | null) => {
    for (const file of files ?? []) {
      onFile(file)
      if (!multiple) break
    }
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button is the first
    <div
      className={`drop${over ? ' over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        take(event.dataTransfer.files)
      }}
    >
      <Shape size={26} stroke={1.5} aria-hidden />
      <div className="drop-text">
        <span className="strong">{title}</span>
        <span className="muted small">{text}</span>
      </div>
      <Button onClick={() => input.current?.click()} {...(keys ? { rightSection: <Key keys={keys} /> } : {})}>
        {button}
      </Button>
      <input
        ref={input}
        type="file"
        accept={accept}
        multiple={multiple}
        className="visually-hidden"
        tabIndex={-1}
        aria-label={title}
        onChange={(event) => {
          take(event.target.files)
          event.target.value = ''
        }}
      />
    </div>
  )
}
