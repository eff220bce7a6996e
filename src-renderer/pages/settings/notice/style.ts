import type { InferContractRouterInputs, InferContractRouterOutputs } from '@orpc/contract'
import type { Contract } from '#contract/contract'
import { NOTICE_GRAPHICS, type NoticeGraphic } from '#domain/notice-graphics'

/** As the backend has it: what is edited, what is loaded, what is lacking. */
export type Style = InferContractRouterOutputs<Contract>['noticeStyle']['get']
/** What is edited. */
export type StyleValues = InferContractRouterInputs<Contract>['noticeStyle']['save']
/** One fixed text in the second language. */
export type Word = InferContractRouterOutputs<Contract>['noticeStyle']['words'][number]

/** Whether a notice is not as it should be without this piece of the kit. */
export function isNeeded(kind: NoticeGraphic, slip: boolean): boolean {
  const { obligatory } = NOTICE_GRAPHICS[kind]
  return obligatory === 'always' || (obligatory === 'postal' && slip)
}
