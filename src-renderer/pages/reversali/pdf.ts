import { sayFailure } from '../../components/toast.ts'

/** Hands a PDF made by the backend to the person. */
export async function savePdf(make: () => Promise<Blob>, name: string): Promise<void> {
  try {
    const url = URL.createObjectURL(await make())
    const link = document.createElement('a')
    link.href = url
    link.download = `${name.replaceAll('/', '-')}.pdf`
    link.click()
    setTimeout(() => URL.revokeObjectURL(url), 60_000)
  } catch (error) {
    sayFailure(error)
  }
}

/** Opens the print dialog on a PDF made by the backend. */
export async function showPdf(make: () => Promise<Blob>, name: string): Promise<void> {
  try {
    const url = URL.createObjectURL(new Blob([await make()], { type: 'application/pdf' }))
    const frame = document.createElement('iframe')
    frame.title = name
    frame.className = 'print-frame'
    frame.src = url
    frame.addEventListener('load', () => {
      frame.contentWindow?.focus()
      frame.contentWindow?.print()
    })
    document.body.append(frame)
    setTimeout(() => {
      frame.remove()
      URL.revokeObjectURL(url)
    }, 600_000)
  } catch (error) {
    sayFailure(error)
  }
}
