import { sayFailure } from './components/toast.ts'
import { queries } from './queries.ts'

const underWay = new Set<string>()

/**
 * A small act without a dialog of its own, pressed once however often: until it is done and what it changed is shown, a second press
 * of the same is none. A failure is said.
 */
export async function once(name: string, act: () => Promise<unknown>): Promise<void> {
  if (underWay.has(name)) return
  underWay.add(name)
  try {
    await act()
    await queries.invalidateQueries({}, { cancelRefetch: false })
  } catch (error) {
    sayFailure(error)
  } finally {
    underWay.delete(name)
  }
}
