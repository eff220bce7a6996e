import { createHash, timingSafeEqual } from 'node:crypto'
import { NODE_PRODUCTS, type NodeProduct } from '#domain/node-ports'
import type { Random } from '#domain/ports'

export type NodeKeys = Readonly<Record<NodeProduct, string>>

/** A subscription key for each product, 32 hex digits as the platform's are. */
export function makeKeys(random: Random): NodeKeys {
  const key = () => Buffer.from(random.bytes(16)).toString('hex')
  return Object.fromEntries(NODE_PRODUCTS.map((product) => [product, key()])) as Record<NodeProduct, string>
}

/** The product that a key opens, null for a key that nobody gave out. */
export function productOf(keys: NodeKeys, given: string): NodeProduct | null {
  return NODE_PRODUCTS.find((product) => same(keys[product], given)) ?? null
}

/** Equality that takes the same time whatever differs. */
export function same(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
