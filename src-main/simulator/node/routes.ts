import { backofficeRoutes } from './backoffice.ts'
import { cartPageRoutes } from './cart-page.ts'
import { checkoutRoutes } from './checkout.ts'
import { controlRoutes } from './control.ts'
import { fdrRoutes } from './fdr.ts'
import { gpdV1Routes } from './gpd-v1.ts'
import { gpdV2Routes } from './gpd-v2.ts'
import { gpdV3Routes } from './gpd-v3.ts'
import type { Route } from './http.ts'
import { ioRoutes } from './io.ts'
import { massiveRoutes } from './massive.ts'
import { pageRoutes } from './page.ts'
import { receiptRoutes } from './receipts.ts'

/** All that the node answers to. Each subject has its own file that gives a list. */
const ROUTES: readonly Route[] = [
  ...gpdV1Routes,
  ...gpdV2Routes,
  ...gpdV3Routes,
  ...massiveRoutes,
  ...controlRoutes,
  ...receiptRoutes,
  ...fdrRoutes,
  ...checkoutRoutes,
  ...backofficeRoutes,
  ...ioRoutes,
  ...cartPageRoutes,
  ...pageRoutes,
]

const SPLIT = ROUTES.map((route) => ({ route, parts: route.path.split('/') }))

/** The operation of an address, with what stands in its path (decoded); null where there is none. */
export function findRoute(
  method: string,
  path: string,
): { readonly route: Route; readonly params: Readonly<Record<string, string>> } | null {
  const parts = path.split('/')
  for (const { route, parts: wanted } of SPLIT) {
    if (route.method !== method || wanted.length !== parts.length) continue
    const params: Record<string, string> = {}
    const fits = wanted.every((part, i) => {
      if (!part.startsWith(':')) return part === parts[i]
      const value = decoded(parts[i] ?? '')
      params[part.slice(1)] = value ?? ''
      return value !== null && value !== ''
    })
    if (fits) return { route, params }
  }
  return null
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
