/** Why a step on a server of files failed, in words. */
export class LineError extends Error {
  readonly kind: 'temporary' | 'permanent'
  /** Sentence in Italian, with its full stop. */
  readonly reason: string
  readonly reply: string
  /** Nobody knows whether the server did the last step: the line is dead. */
  readonly lost: boolean
  /** What is left half written helps nobody: the disk is full, the folder forbidden. */
  readonly useless: boolean

  constructor(
    kind: 'temporary' | 'permanent',
    reason: string,
    reply: string,
    more: { readonly lost?: boolean; readonly useless?: boolean } = {},
  ) {
    super(reason)
    this.name = 'LineError'
    this.kind = kind
    this.reason = reason
    this.reply = reply
    this.lost = more.lost ?? false
    this.useless = more.useless ?? false
  }
}

/** A file that is about to be written under its temporary name. */
export interface BegunFile {
  /** Bytes of the file that already has the final name; null where there is none. */
  readonly present: number | null
  /** Bytes that an earlier attempt left under the temporary name. */
  readonly partial: number
  /** Writes from that position to the end; gives the whole length that the server then has. */
  write(bytes: Uint8Array, from: number): Promise<number>
  /** Leaves it, and removes what stands under the temporary name. */
  drop(): Promise<void>
}

/** One open connection, logged in, in the folder. Names are plain names in it. Every failure is a LineError. */
export interface FileLine {
  readonly alive: boolean
  /** Whether its `rename` refuses by itself a name that is taken; elsewhere one looks right before. */
  readonly renameRefusesPresent: boolean
  begin(name: string, temporary: string): Promise<BegunFile>
  size(name: string): Promise<number | null>
  read(name: string): Promise<Uint8Array>
  /** `over` may replace a file of that name, without it never knowingly. */
  rename(from: string, to: string, over: boolean): Promise<void>
  /** No complaint where it is not there. */
  remove(name: string): Promise<void>
  /** Free bytes of the folder, where the server tells. */
  free(): Promise<number | null>
  close(): Promise<void>
}

export interface FileServerOptions {
  /** For servers of tests, beside what the system trusts (PEM). */
  readonly ca?: string
  readonly connectTimeoutMs?: number
  readonly silenceTimeoutMs?: number
}

export const CONNECT_TIMEOUT_MS = 20_000
export const SILENCE_TIMEOUT_MS = 60_000

/** Larger than any paper or index of ours: what exceeds it is somebody else's. */
export const MOST_BYTES = 256 * 1024 * 1024
