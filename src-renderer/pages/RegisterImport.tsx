import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { FileToken } from '#domain/ports'
import { SECTIONS } from '#domain/vocabulary'
import { client, orpc } from '../client.ts'
import { ErrorNote } from '../components/ErrorNote.tsx'
import { useFileDrop } from '../components/file-drop.ts'
import { askFile, uploadFile } from '../components/files.ts'
import { Page } from '../components/Page.tsx'
import { RefusedFile } from '../components/RefusedFile.tsx'
import { say } from '../components/toast.ts'
import { startJob } from '../jobs/jobs.ts'
import { useKeys } from '../keys.ts'
import { useUrlState } from '../url-state.ts'
import { CheckImport } from './import/CheckImport.tsx'
import { ChooseFile } from './import/ChooseFile.tsx'
import { handOver } from './import/import-draft.ts'
import { MapColumns } from './import/MapColumns.tsx'
import { REGISTER_FILES } from './import/register-words.ts'

type Read = Parameters<typeof client.registerImport.read>[0]

/**
 * Importa quote: choose the file, say its columns where nobody has yet, check it row by row, confirm (picture 03). The
 * open import stands in the address as `imp`, the file whose columns are being said as `file`, the import that it is read
 * again for as `dopo`.
 */
export function RegisterImport() {
  const [url, set] = useUrlState()
  const id = url.imp === undefined ? null : Number(url.imp)
  const token = url.file as FileToken | undefined
  const summary = useQuery(
    orpc.registerImport.get.queryOptions({ input: { id: (id ?? 1) as never }, enabled: id !== null }),
  )
  const [refused, setRefused] = useState<{
    readonly error: unknown
    readonly name: string
    /** The file arrived: its columns may still be said by hand. */
    readonly token: FileToken | null
  } | null>(null)
  const [looking, setLooking] = useState<string | null>(null)
  const router = useRouter()
  // The refusal has the address of this page: a click that leads here again leaves it all the same.
  useEffect(() => router.subscribe('onBeforeLoad', () => setRefused(null)), [router])

  const opened = (imported: { readonly id: number; readonly state: string }, from?: FileToken) =>
    set(
      {
        imp: String(imported.id),
        file: from,
        dopo: undefined,
        sel: undefined,
        gia: imported.state === 'confirmed' ? 'si' : undefined,
      },
      { push: true },
    )
  const mapByHand = (from: FileToken, name: string, after: number | null = null) => {
    const dopo = after === null ? undefined : String(after)
    set({ imp: undefined, sel: undefined, gia: undefined, file: from, nome: name, dopo }, { push: true })
  }
  const look = async (uploaded: FileToken, name: string, after: number | null = null) => {
    const { profile } = await client.registerImport.look({ token: uploaded })
    // What nobody has named is shown before it is read; an assumption too, until a person has seen it fit.
    if (profile === null || profile.assumption) mapByHand(uploaded, name, after)
    else await readToken({ token: uploaded, profileId: profile.id, after: after as never }, name)
  }
  const read = async (file: File) => {
    setRefused(null)
    setLooking(file.name)
    try {
      await look((await uploadFile(file)).token, file.name)
    } catch (error) {
      setRefused({ error, name: file.name, token: null })
    } finally {
      setLooking(null)
    }
  }
  /** The next version of the file that is open: read as that one was, where a person had said how, with what was corrected. */
  const reread = async (file: File) => {
    setRefused(null)
    try {
      const again = (await uploadFile(file)).token
      const mapping = handOver(token, again)
      await (mapping === null
        ? look(again, file.name, id)
        : readToken({ token: again, mapping, after: id as never }, file.name))
    } catch (error) {
      setRefused({ error, name: file.name, token: null })
    }
  }
  const readToken = (input: Read, name: string) =>
    startJob({
      title: 'Leggo il file delle quote',
      subtitle: name,
      unit: 'righe',
      cancelWord: 'Annulla lettura',
      cancelNote: 'Se annulli non resta niente nei conti',
      run: (signal) => client.registerImport.read(input, { signal }),
      onDone: (result) => opened(result, input.token),
      onFailed: (error) => setRefused({ error, name, token: input.token }),
      onCancelled: () => say('Lettura annullata: niente è entrato nei conti.'),
    })
  // The first-run guide hands over the register of «Ordine di prova».
  const waiting = url.leggi
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each token in the address
  useEffect(() => {
    if (waiting === undefined) return
    set({ leggi: undefined })
    void readToken({ token: waiting as FileToken }, 'Registro di prova')
  }, [waiting])
  const choose = async () => {
    const file = await askFile(REGISTER_FILES)
    if (file) await read(file)
  }
  const chooseAgain = async () => {
    const file = await askFile(REGISTER_FILES)
    if (file) await reread(file)
  }
  const leave = () =>
    set(
      { imp: undefined, file: undefined, nome: undefined, dopo: undefined, sel: undefined, gia: undefined },
      { push: true },
    )
  const over = useFileDrop(([file]) => file && void read(file))

  useKeys(
    refused
      ? [
          { keys: 'Ctrl+O', label: 'scegli un altro file', run: () => void choose() },
          { keys: 'Escape', label: 'lascia', run: () => setRefused(null) },
        ]
      : [],
  )
  const veil = over && <div className="drop-veil">Lascia qui il file delle quote</div>
  if (refused) {
    const arrived = refused.token
    return (
      <Page title={SECTIONS.registerImport} about={refused.name} back="/importa">
        <RefusedFile
          error={refused.error}
          fileName={refused.name}
          onOther={() => void choose()}
          {...(arrived === null
            ? {}
            : {
                more: (
                  <li>
                    Se le colonne hanno altri titoli,{' '}
                    <button type="button" className="link" onClick={() => mapByHand(arrived, refused.name)}>
                      di’ tu che cosa contengono
                    </button>
                    .
                  </li>
                ),
              })}
        />
        {veil}
      </Page>
    )
  }
  if (id === null && token !== undefined)
    return (
      <>
        <MapColumns
          key={token}
          token={token}
          after={url.dopo === undefined ? null : Number(url.dopo)}
          fileName={url.nome ?? 'file delle quote'}
          onOther={() => void choose()}
          onLeave={leave}
          onRead={(imported) => opened(imported, token)}
        />
        {veil}
      </>
    )
  if (id === null)
    return (
      <>
        <ChooseFile
          looking={looking}
          onFile={(file) => void read(file)}
          onOpen={(imp) => set({ imp: String(imp) }, { push: true })}
        />
        {veil}
      </>
    )
  if (!summary.data) {
    return (
      <Page title={SECTIONS.registerImport} back="/importa">
        <ErrorNote error={summary.error} />
      </Page>
    )
  }
  const { fileName } = summary.data
  return (
    <>
      <CheckImport
        summary={summary.data}
        onReread={() => void chooseAgain()}
        onColumns={token === undefined ? null : () => mapByHand(token, fileName, id)}
        onLeave={leave}
      />
      {veil}
    </>
  )
}
