import { NOTICE_GRAPHICS, type NoticeGraphic } from '#domain/notice-graphics'

/** Whether a notice is not as it should be without this piece of the kit. */
export function isNeeded(kind: NoticeGraphic, slip: boolean): boolean {
  const { obligatory } = NOTICE_GRAPHICS[kind]
  return obligatory === 'always' || (obligatory === 'postal' && slip)
}
