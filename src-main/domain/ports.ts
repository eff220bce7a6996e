import type { Brand } from './brand.ts'
import type { Instant } from './date.ts'

/** The clock of a host. The fake one of tests and of the rehearsal moves only when told; `waitUntil` is then instantaneous. */
export interface Clock {
  now(): Instant
  /** Milliseconds since 1970 with fractions of 0,1 ms, for the IUV base (DOMAIN.md §4). */
  epochMs(): number
  waitUntil(epochMs: number): Promise<void>
}

/** How far an archive had come when this machine last saw it. */
export interface ArchiveSeen {
  /** Last row of the journal and its hash. */
  readonly seq: number
  readonly hash: string
  /** Machine and file; on a server's archive it says nothing, since the file is nobody's. */
  readonly place: string
}

/** What a machine remembers of its archive outside of it: the one thing that a restored backup does not bring back. */
export interface ArchiveMark {
  /** Where the archive stands now. */
  readonly place: string
  /** Null when it was never seen here, or what is kept cannot be read. */
  read(): Promise<ArchiveSeen | null>
  write(seen: ArchiveSeen): Promise<void>
}

export interface Random {
  /** `n` random bytes. */
  bytes(n: number): Uint8Array
}

/** Secrets of mail accounts and keys; never in the ledger, in logs or on the wire. */
export interface Secrets {
  get(name: string): Promise<string | null>
  set(name: string, value: string): Promise<void>
  delete(name: string): Promise<void>
  /** Where they are kept, in Italian words for the screen. */
  readonly place: string
}

export interface Log {
  info(event: string, fields?: Readonly<Record<string, unknown>>): void
  warn(event: string, fields?: Readonly<Record<string, unknown>>): void
  error(event: string, fields?: Readonly<Record<string, unknown>>): void
}

/** Opaque name of a file known to the host: the renderer never sees a path. */
export type FileToken = Brand<string, 'FileToken'>

export interface OpenFile {
  readonly name: string
  readonly size: number
  chunks(): AsyncIterable<Uint8Array>
  /** Whole content; callers check `size` against their own limit first. */
  bytes(): Promise<Uint8Array>
}

export interface FileWriter {
  write(chunk: Uint8Array): Promise<void>
  /** Seals the file and names it. */
  commit(): Promise<FileToken>
  /** Removes what was written. */
  abort(): Promise<void>
}

/** Uploaded and produced files of this run of the program. */
export interface Files {
  open(token: FileToken): Promise<OpenFile>
  create(name: string, mime: string): Promise<FileWriter>
}

/** Opaque name of a folder that the person chose in a dialog of the host. */
export type FolderToken = Brand<string, 'FolderToken'>

export interface Mail {
  readonly from: { readonly name: string; readonly address: string }
  readonly to: { readonly name: string; readonly address: string }
  readonly subject: string
  readonly text: string
  readonly messageId: string
  readonly attachments: readonly { readonly name: string; readonly mime: string; readonly bytes: Uint8Array }[]
}

export interface MailServer {
  readonly host: string
  readonly port: number
  readonly security: 'tls' | 'starttls' | 'none'
  readonly user: string | null
  readonly password: string | null
}

/** What a server said of one message. `temporary` may be tried again; `permanent` never by itself; `unknown` = no reply. */
export type SendOutcome =
  | { readonly kind: 'sent'; readonly reply: string }
  | {
      readonly kind: 'temporary' | 'permanent'
      readonly reply: string
      readonly reason: string
      /** Where the other side says how long to wait. */
      readonly retryAfterSeconds?: number
    }
  | { readonly kind: 'unknown'; readonly reply: string; readonly reason: string }

export interface MailGateway {
  /** Opens one connection for a run of messages; the caller closes it. */
  open(server: MailServer): Promise<{ send(mail: Mail): Promise<SendOutcome>; close(): Promise<void> }>
  /** Connects, encrypts, logs in and leaves; says each step's outcome in Italian. */
  probe(
    server: MailServer,
  ): Promise<readonly { readonly step: string; readonly ok: boolean; readonly ms: number; readonly text: string }[]>
}

/** A mailbox that receives receipts and bounces. */
export interface Mailbox {
  readonly host: string
  readonly port: number
  readonly security: 'tls' | 'starttls' | 'none'
  readonly user: string
  readonly password: string | null
  readonly folder: string
}

export interface MailboxMessage {
  readonly uid: number
  readonly receivedAt: Instant
  /** The whole message as it came (RFC 5322), at most the gateway's limit; null when larger (said apart). */
  readonly source: Uint8Array | null
  readonly size: number
}

export interface MailboxGateway {
  /**
   * Messages after `since` of the same UIDVALIDITY, oldest first, in batches; from the first when the validity changed or
   * `since` is null. Nothing is moved, marked or deleted. Throws ProblemError in words. With `from`, messages that the
   * server got before that day may be left out.
   */
  read(
    mailbox: Mailbox,
    since: { readonly uidValidity: string; readonly uid: number } | null,
    signal?: AbortSignal,
    from?: Instant,
  ): AsyncIterable<{ readonly uidValidity: string; readonly messages: readonly MailboxMessage[] }>
  probe(
    mailbox: Mailbox,
  ): Promise<readonly { readonly step: string; readonly ok: boolean; readonly ms: number; readonly text: string }[]>
}

/** A server that takes files. Secrets come from the keychain at the moment of use. */
export interface FileServer {
  readonly protocol: 'ftp' | 'ftps' | 'ftpsImplicit' | 'sftp'
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string | null
  readonly privateKey: string | null
  readonly remoteFolder: string
  /**
   * SHA-256 (hex) of the host key or certificate accepted by a person; null accepts only a certificate that the system trusts,
   * never an SFTP host. For plain FTP beyond this machine `CLEAR_ACCEPTED`, chosen knowingly.
   */
  readonly pinned: string | null
  /** Makes the folder where it is missing; without it a missing folder is a refusal. */
  readonly makeFolder?: boolean
}

/** What stands for a fingerprint where a person accepted that nothing is encrypted. */
export const CLEAR_ACCEPTED = 'in chiaro'

export type PutOutcome =
  | { readonly kind: 'written' | 'same' | 'different' }
  | { readonly kind: 'temporary' | 'permanent'; readonly reason: string; readonly reply: string }
  /** The line dropped after the last byte and before the answer: `put` again tells, since equal files are compared. */
  | { readonly kind: 'unknown'; readonly reason: string; readonly reply: string }

export interface FileServerSession {
  /**
   * Temporary name in the same folder, whole length checked, then renamed; an existing file is compared, never replaced but
   * where its SHA-256 is `replacing` (a file of ours, like the index). Resumes what it left itself.
   */
  put(name: string, bytes: Uint8Array, replacing?: string): Promise<PutOutcome>
  /** Removes a file only if its bytes are still those; `absent` when it is gone, `different` when changed (left there). */
  remove(name: string, sha256: string): Promise<'removed' | 'absent' | 'different'>
  /** Free bytes of its folder; null where the server does not tell. */
  free(): Promise<number | null>
  close(): Promise<void>
}

export interface FileServerGateway {
  /** One connection for a run of files. @throws ProblemError in words, with the new fingerprint where it is not the pinned one. */
  open(server: FileServer): Promise<FileServerSession>
  /** Steps with times; `fingerprint` is what the server showed, also when the steps stop there. */
  probe(server: FileServer): Promise<{
    readonly steps: readonly {
      readonly step: string
      readonly ok: boolean
      readonly ms: number
      readonly text: string
    }[]
    readonly fingerprint: string | null
  }>
}

export interface IoService {
  readonly baseUrl: string
  readonly key: string
}

export interface IoMessage {
  readonly fiscalCode: string
  /** 10–120 characters. */
  readonly subject: string
  /** 80–10.000 characters. */
  readonly markdown: string
  readonly dueDate: Instant | null
  readonly payment: { readonly cents: number; readonly noticeNumber: string; readonly payeeFiscalCode: string } | null
}

export interface IoGateway {
  /** `notEnrolled` and `refused` (preferences) are answers, not failures. */
  profile(
    service: IoService,
    fiscalCode: string,
  ): Promise<SendOutcome | { readonly kind: 'allowed' | 'notEnrolled' | 'refused' }>
  send(service: IoService, message: IoMessage): Promise<SendOutcome & { readonly messageId?: string }>
  status(
    service: IoService,
    fiscalCode: string,
    messageId: string,
  ): Promise<{ readonly kind: 'ACCEPTED' | 'THROTTLED' | 'FAILED' | 'PROCESSED' | 'REJECTED' } | SendOutcome>
}

/** A subfolder in the making: nobody sees it before `seal`. */
export interface FolderBatch {
  /** One whole file; each name once. */
  write(
    name: string,
    chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  ): Promise<{ readonly size: number; readonly sha256: string }>
  /** Gives the subfolder its name in one step; `taken` when something has it already, and then nothing changed. */
  seal(): Promise<'sealed' | 'taken'>
  /** Removes what was written, unless sealed. */
  abort(): Promise<void>
}

/** A file that somebody put in a folder; `changed` and `size` tell whether it is still being written. */
export interface FoundFile {
  readonly name: string
  readonly size: number
  readonly changed: number
}

export interface FolderGateway {
  /** Files of a folder that is watched, but those of systems and those under temporary names. */
  files(folder: FolderToken): Promise<readonly FoundFile[]>
  /** Null when the file is gone. */
  read(folder: FolderToken, name: string): Promise<Uint8Array | null>
  /** Moves a file into a subfolder if its bytes are still those; nothing there is ever replaced. */
  move(folder: FolderToken, name: string, sha256: string, into: string): Promise<boolean>
  /** Directories below `parent` (null = the roots that the host allows). */
  list(parent: FolderToken | null): Promise<readonly { readonly token: FolderToken; readonly name: string }[]>
  /**
   * The folder that a person wrote (network path or drive), if the host allows it, it is there and can be written.
   * @throws ProblemError FOLDER_TYPED, in words
   */
  enter(text: string): Promise<{ readonly token: FolderToken; readonly name: string }>
  /** Readable place for screens and journal, from a token. */
  describe(folder: FolderToken): Promise<string>
  /** Free bytes (null where the drive does not tell) and write permission, checked by writing and removing a probe. */
  check(
    folder: FolderToken,
  ): Promise<{ readonly ok: boolean; readonly freeBytes: number | null; readonly reason: string }>
  /**
   * Writes under a temporary name, syncs, renames. An existing file of the same name is compared: `same` when equal,
   * `different` when not (and left untouched), but where its SHA-256 is `replacing` (a file of ours): that one is replaced.
   */
  put(
    folder: FolderToken,
    name: string,
    bytes: Uint8Array,
    replacing?: string,
  ): Promise<'written' | 'same' | 'different'>
  /** Removes a file only if its bytes are still those; `absent` when it is gone, `different` when changed (left there). */
  remove(folder: FolderToken, name: string, sha256: string): Promise<'removed' | 'absent' | 'different'>
  /** Begins a subfolder of that name: all of it visible at once, or nothing. */
  batch(folder: FolderToken, name: string): Promise<FolderBatch>
  /** A file of such a subfolder: null where it is not in it, `none` where there is no subfolder of that name. */
  readFromBatch(folder: FolderToken, name: string, file: string): Promise<Uint8Array | null | 'none'>
  /** Removes such a subfolder if it holds these files (name and SHA-256) and nothing else; else nothing is touched. */
  removeBatch(
    folder: FolderToken,
    name: string,
    files: Readonly<Record<string, string>>,
  ): Promise<'removed' | 'absent' | 'different'>
}
