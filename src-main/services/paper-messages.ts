import type { NoticeKitInput, NoticeLetter } from '#codecs/pdf/notice-kit'
import type { PaperInfo } from '#codecs/pdf/paper'
import type { LetterPaper } from '#domain/letter-paper'
import type { NoticeData } from '#domain/notice'
import type { Problem } from '#domain/problem'

// What the program's thread and the one that draws say to each other: plain data, copied or transferred.

/** One notice to be drawn, with its letter where it has one. */
export interface NoticePaper {
  readonly notice: NoticeData
  readonly letter?: NoticeLetter
}

/** A drawn file, or what forbids drawing it. */
export type DrawnNotice =
  | {
      readonly ok: true
      readonly bytes: Uint8Array<ArrayBuffer>
      /** Lower-case hex of the bytes. */
      readonly sha256: string
      /** As the ledger keeps it. */
      readonly layout: string
    }
  | { readonly ok: false; readonly problems: readonly Problem[] }

export interface CheckedNotice {
  readonly problems: readonly Problem[]
  /** A text had to be printed smaller than usual. */
  readonly narrowed: boolean
}

/** Jobs and kits have numbers of their own on each thread. */
export type ToWorker =
  | { readonly type: 'kit'; readonly kit: number; readonly input: NoticeKitInput }
  | { readonly type: 'forget'; readonly kit: number }
  | { readonly type: 'draw'; readonly job: number; readonly kit: number; readonly papers: readonly NoticePaper[] }
  | { readonly type: 'check'; readonly job: number; readonly kit: number; readonly notices: readonly NoticeData[] }
  | { readonly type: 'letter'; readonly job: number; readonly letter: LetterPaper }
  | { readonly type: 'merge'; readonly job: number; readonly kit: number; readonly info: PaperInfo }
  /** The next notices of a merged file; none ends it. */
  | { readonly type: 'papers'; readonly job: number; readonly papers: readonly NoticePaper[] }
  /** A piece of a merged file has been written. */
  | { readonly type: 'taken'; readonly job: number }
  | { readonly type: 'cancel'; readonly job: number }

export type FromWorker =
  | { readonly type: 'drawn'; readonly job: number; readonly papers: readonly DrawnNotice[] }
  | { readonly type: 'checked'; readonly job: number; readonly notices: readonly CheckedNotice[] }
  | { readonly type: 'letter'; readonly job: number; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: 'piece'; readonly job: number; readonly bytes: Uint8Array<ArrayBuffer> }
  /** The notices last given are in the file, but for those that had these problems. */
  | { readonly type: 'hungry'; readonly job: number; readonly drawn: number; readonly problems: readonly Problem[] }
  | { readonly type: 'merged'; readonly job: number }
  | { readonly type: 'refused'; readonly job: number; readonly problems: readonly Problem[] }
  /** Our own mistake. */
  | { readonly type: 'broken'; readonly job: number; readonly error: Error }
