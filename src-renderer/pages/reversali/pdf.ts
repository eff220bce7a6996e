import { printBlob, saveBlob } from '../../components/files.ts'
import { sayFailure } from '../../components/toast.ts'

/** Hands a PDF made by the backend to the person. */
export async function savePdf(make: () => Promise<Blob>, name: string): Promise<void> {
  try {
    saveBlob(await make(), `${name.replaceAll('/', '-')}.pdf`)
  } catch (error) {
    sayFailure(error)
  }
}

/** Opens the print dialog on a PDF made by the backend. */
export async function showPdf(make: () => Promise<Blob>, name: string): Promise<void> {
  try {
    printBlob(await make(), name)
  } catch (error) {
    sayFailure(error)
  }
}
