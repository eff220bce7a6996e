import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { FileToken } from '#domain/ports'
import { SECTIONS } from '#domain/vocabulary'
import { client, orpc } from '../client.ts'
import { ErrorNote } from '../components/ErrorNote.tsx'
import { askFile, uploadFile } from '../components/files.ts'
import { Page } from '../components/Page.tsx'
import { RefusedFile } from '../components/RefusedFile.tsx'
import { say } from '../components/toast.ts'
import { startJob } from '../jobs/jobs.ts'
import { useKeys } from '../keys.ts'
import { useUrlState } from '../url-state.ts'
import { CheckImport } from './import/CheckImport.tsx'
import { ChooseFile } from './import/ChooseFile.tsx'

/** Importa quote: choose the file, check it row by row, confirm (picture 03). The open import stands in the address. */
export function RegisterImport() {
  const [url, set] = useUrlState()
  const id = url.imp === undefined ? null : Number(url.imp)
  const summary = useQuery(
    orpc.registerImport.get.queryOptions({ input: { id: (id ?? 1) as never }, enabled: id !== null }),
  )
  const [refused, setRefused] = useState<{ readonly error: unknown; readonly name: string } | null>(null)
  const router = useRouter()
  // The refusal has the address of this page: a click that leads here again leaves it all the same.
  useEffect(() => router.subscribe('onBeforeLoad', () => setRefused(null)), [router])

  const read = async (file: File) => {
    setRefused(null)
    try {
      const uploaded = await uploadFile(file)
      await readToken(uploaded.token, file.name)
    } catch (error) {
      setRefused({ error, name: file.name })
    }
  }
  const readToken = (token: Parameters<typeof client.registerImport.read>[0]['token'], name: string) =>
    startJob({
      title: 'Leggo il file delle quote',
      subtitle: name,
      unit: 'righe',
      cancelWord: 'Annulla lettura',
      cancelNote: 'Se annulli non resta niente nei conti',
      run: (signal) => client.registerImport.read({ token }, { signal }),
      onDone: (result) => {
        const gia = result.state === 'confirmed' ? 'si' : undefined
        set({ imp: String(result.id), sel: undefined, gia }, { push: true })
      },
      onFailed: (error) => setRefused({ error, name }),
      onCancelled: () => say('Lettura annullata: niente è entrato nei conti.'),
    })
  // The first-run guide hands over the register of «Ordine di prova».
  const waiting = url.leggi
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each token in the address
  useEffect(() => {
    if (waiting === undefined) return
    set({ leggi: undefined })
    void readToken(waiting as FileToken, 'Registro di prova')
  }, [waiting])
  const choose = async () => {
    const file = await askFile('.xlsx,.xls')
    if (file) await read(file)
  }

  useKeys(
    refused
      ? [
          { keys: 'Ctrl+O', label: 'scegli un altro file', run: () => void choose() },
          { keys: 'Escape', label: 'lascia', run: () => setRefused(null) },
        ]
      : [],
  )
  if (refused) {
    return (
      <Page title={SECTIONS.registerImport} about={refused.name} back="/importa">
        <RefusedFile error={refused.error} fileName={refused.name} onOther={() => void choose()} />
      </Page>
    )
  }
  if (id === null)
    return <ChooseFile onFile={(file) => void read(file)} onOpen={(imp) => set({ imp: String(imp) }, { push: true })} />
  if (!summary.data) {
    return (
      <Page title={SECTIONS.registerImport} back="/importa">
        <ErrorNote error={summary.error} />
      </Page>
    )
  }
  return (
    <CheckImport
      summary={summary.data}
      onReread={() => void choose()}
      onLeave={() => set({ imp: undefined, sel: undefined, gia: undefined }, { push: true })}
    />
  )
}
