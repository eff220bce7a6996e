import type { InferContractRouterOutputs } from '@orpc/contract'
import type { Contract } from '#contract/contract'
import type { client } from '../../client.ts'

export type Cart = InferContractRouterOutputs<Contract>['cart']['get']
export type CartId = Cart['id']
export type PayNowOf = Parameters<typeof client.cart.preview>[0]
export type Candidate = InferContractRouterOutputs<Contract>['cart']['preview']['candidates'][number]
