import { Button } from '@mantine/core'
import { IconPhoto } from '@tabler/icons-react'
import { useState } from 'react'
import { errorText } from '../problems.ts'
import { askFile } from './files.ts'
import { readLogo } from './logo.ts'

/** The institution's logo: dropped or chosen, looked at before it is taken, shown as it is, removed. */
export function LogoField({
  url,
  onFile,
  onRemove,
}: {
  /** The present logo, as an address that an image can show. */
  readonly url: string | null
  /** A refusal that it throws is said in place. */
  readonly onFile: (file: File) => unknown
  readonly onRemove: () => unknown
}) {
  const [over, setOver] = useState(false)
  const [words, setWords] = useState<{ readonly tone: 'bad' | 'warn'; readonly text: string } | null>(null)
  const take = async (file: File | null | undefined) => {
    if (!file) return
    const { error, warning } = await readLogo(file)
    setWords(error !== null ? { tone: 'bad', text: error } : warning === null ? null : { tone: 'warn', text: warning })
    if (error !== null) return
    try {
      await onFile(file)
    } catch (refusal) {
      setWords({ tone: 'bad', text: errorText(refusal) })
    }
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button is the first
    <div
      className={`logo-field span-6${over ? ' over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        void take(event.dataTransfer.files[0])
      }}
    >
      {url === null ? (
        <IconPhoto size={24} stroke={1.5} className="ink2" aria-hidden />
      ) : (
        <img src={url} alt="Logo dell’ente" className="logo-now" />
      )}
      <span className="logo-text">
        <b className="strong">{url === null ? 'Logo, se lo hai' : 'Logo'}</b>
        <span className={words === null ? 'muted small' : `small t-${words.tone}`} role="status">
          {words?.text ??
            (url === null
              ? 'Trascinalo qui: SVG, oppure PNG di almeno 300 punti di lato; al massimo 1 MB'
              : 'Compare in alto a destra sugli avvisi nuovi')}
        </span>
      </span>
      {url !== null && (
        <Button
          className="danger"
          onClick={() => {
            setWords(null)
            void onRemove()
          }}
        >
          Togli
        </Button>
      )}
      <Button onClick={() => void askFile('image/svg+xml,image/png,.svg,.png').then(take)}>
        {url === null ? 'Scegli file…' : 'Cambia…'}
      </Button>
    </div>
  )
}
