import type { InferContractRouterInputs, InferContractRouterOutputs } from '@orpc/contract'
import type { Contract } from '#contract/contract'
import { NODE_PRODUCTS } from '#domain/node-ports'
import { institutionCodeError } from '../../components/checks.ts'

export type NodeState = InferContractRouterOutputs<Contract>['node']['get']
export type Connection = NodeState['connections'][number]
type Saved = InferContractRouterInputs<Contract>['node']['save']
/** Return addresses as they are typed: three texts, empty where there are none. */
export type NodeValues = Omit<Saved, 'returnUrls'> & { readonly returnUrls: NonNullable<Saved['returnUrls']> }

const NO_URLS = { ok: '', cancel: '', error: '' }

export function valuesOf(connection: Connection): NodeValues {
  const { products, testedAt: _testedAt, lacks: _lacks, returnUrls, ...rest } = connection
  return {
    ...rest,
    returnUrls: returnUrls ?? NO_URLS,
    products: byProduct((product) => products[product].on),
    keys: byProduct(() => null),
  }
}

export function byProduct<T>(value: (product: (typeof NODE_PRODUCTS)[number]) => T) {
  return Object.fromEntries(NODE_PRODUCTS.map((product) => [product, value(product)])) as Record<
    (typeof NODE_PRODUCTS)[number],
    T
  >
}

export function toSave({ returnUrls, ...values }: NodeValues): Saved {
  const none = Object.values(returnUrls).every((url) => url.trim() === '')
  const { ok, cancel, error } = returnUrls
  return { ...values, returnUrls: none ? null : { ok: ok.trim(), cancel: cancel.trim(), error: error.trim() } }
}

export function brokerError(text: string | null): string | null {
  return text === null ? null : institutionCodeError(text)
}

export function stationError(text: string | null): string | null {
  return text === null || /^\d{11}_\d{2}$/.test(text)
    ? null
    : 'Ha la forma 80012345678_01: il codice dell’intermediario e due cifre.'
}

export function returnUrlError(url: string, urls: NodeValues['returnUrls']): string | null {
  const any = Object.values(urls).some((one) => one.trim() !== '')
  if (url.trim() === '') return any ? 'Servono tutti e tre, o nessuno.' : null
  return URL.canParse(url.trim()) && new URL(url.trim()).protocol === 'https:' ? null : 'Deve cominciare con https://.'
}

export function isReady(v: NodeValues): boolean {
  const urls = Object.values(v.returnUrls)
  return (
    brokerError(v.brokerCode) === null &&
    stationError(v.stationCode) === null &&
    v.massiveFrom >= 1 &&
    urls.every((url) => returnUrlError(url, v.returnUrls) === null)
  )
}
