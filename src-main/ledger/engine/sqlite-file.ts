import { closeSync, existsSync, mkdirSync, openSync, readSync, realpathSync, statfsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { ProblemError, problem } from '#domain/problem'

/** `statfs` types of NFS, SMB, CIFS, SMB2, AFS, Coda: there SQLite's locks lie. */
const NETWORK_TYPES = new Set([0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x5346414f, 0x73757245])

/** `Qtnz` as an integer: the mark of our files (`pragma application_id`, offset 68 of the header). */
export const APPLICATION_ID = 0x51746e7a

/** @throws ProblemError when the file lies on a network share: mapped letters of Windows resolve to their UNC name. */
export function refuseNetworkShare(file: string): void {
  const folder = dirname(resolve(file))
  const isUnc = (path: string) => /^(\\\\|\/\/)[^\\/?.]/.test(path)
  const refuse = () => {
    throw new ProblemError(problem('LEDGER_ON_NETWORK', { file }))
  }
  if (isUnc(file)) refuse()
  mkdirSync(folder, { recursive: true })
  if (isUnc(realpathSync.native(folder))) refuse()
  if (process.platform !== 'win32' && NETWORK_TYPES.has(Number(statfsSync(folder).type) >>> 0)) refuse()
}

/** @throws ProblemError when the file is there and is not a ledger of ours; an empty file may become one. */
export function refuseForeignFile(file: string): void {
  if (!existsSync(file) || statSync(file).size === 0) return
  const header = Buffer.alloc(100)
  const handle = openSync(file, 'r')
  try {
    readSync(handle, header, 0, 100, 0)
  } finally {
    closeSync(handle)
  }
  const isSqlite = header.toString('latin1', 0, 15) === 'SQLite format 3'
  if (!isSqlite || header.readUInt32BE(68) !== APPLICATION_ID) {
    throw new ProblemError(problem('LEDGER_NOT_OURS', { file }))
  }
}

/** A clean close folds the write-ahead log into the file and removes it; its presence means a crash, or another reader. */
export function leftUnclean(file: string): boolean {
  const log = `${file}-wal`
  return existsSync(log) && statSync(log).size > 0
}
