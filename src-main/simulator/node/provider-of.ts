import { PROVIDERS, type Provider } from '../providers.ts'

/** @throws RangeError where there is no such provider. */
export function providerOf(code: string): Provider {
  const found = PROVIDERS.find((provider) => provider.code === code)
  if (!found) throw new RangeError(`no provider ${code}`)
  return found
}
