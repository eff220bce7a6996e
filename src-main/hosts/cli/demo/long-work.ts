import type { Progress } from '#domain/progress'

/** Follows long work to its end, telling each new step and every tenth of it. */
export async function follow<T>(
  work: Promise<AsyncIterator<Progress, T, unknown>>,
  print: (line: string) => void,
): Promise<T> {
  const beats = await work
  let said = ''
  while (true) {
    const beat = await beats.next()
    if (beat.done) return beat.value
    const { step, done, total } = beat.value
    const tenths = total === null || total === 0 ? '' : `${Math.floor((done * 10) / total) * 10} %`
    const line = `    ${step}${tenths === '' ? '' : ` · ${tenths}`}`
    if (line !== said) print(line)
    said = line
  }
}
