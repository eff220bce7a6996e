import { z } from 'zod'
import { SHIPPED_PROFILES } from '#codecs/register-profiles'
import { registerMappingSchema } from '#contract/register-profile'
import { ProblemError, problem } from '#domain/problem'
import { foldCell } from '#domain/register-mapping'
import type { RegisterProfile } from '#domain/register-profile'
import type { ReadHandle } from '#ledger/ledger'
import {
  keepRegisterProfile,
  listRegisterProfiles,
  removeRegisterProfile,
  renameRegisterProfile,
} from '#ledger/register-profile'
import { command } from './command.ts'
import { os } from './context.ts'
import { produceFile } from './produced-file.ts'

const MAX_FILE = 256 * 1024
const FORM = 'quietanza.registerProfile'

/** A profile on its way from one office to another. */
const profileFile = z.object({
  form: z.literal(FORM),
  version: z.literal(1),
  name: z.string().trim().min(1).max(60),
  headings: z.array(z.string().max(500)).max(500),
  mapping: registerMappingSchema,
})

/** Shipped ones first, then the office's by name. */
export async function allRegisterProfiles(db: ReadHandle): Promise<RegisterProfile[]> {
  return [...SHIPPED_PROFILES, ...(await listRegisterProfiles(db))]
}

export async function needRegisterProfile(db: ReadHandle, id: string): Promise<RegisterProfile> {
  const found = (await allRegisterProfiles(db)).find((profile) => profile.id === id)
  if (found === undefined) throw new ProblemError(problem('REGISTER_PROFILE_GONE', {}))
  return found
}

async function needOwn(db: ReadHandle, id: string): Promise<RegisterProfile> {
  const found = await needRegisterProfile(db, id)
  if (found.shipped) throw new ProblemError(problem('REGISTER_PROFILE_LOCKED', { name: found.name }))
  return found
}

/** The profile of that name, whatever its capitals. */
async function byName(db: ReadHandle, name: string): Promise<RegisterProfile | null> {
  const all = await allRegisterProfiles(db)
  return all.find((profile) => foldCell(profile.name) === foldCell(name)) ?? null
}

async function needByName(db: ReadHandle, name: string): Promise<RegisterProfile> {
  const found = await byName(db, name)
  if (found === null) throw new ProblemError(problem('REGISTER_PROFILE_GONE', {}))
  return found
}

/** What the contract takes has mutable lists; ours are the same, read only. */
function onWire(profile: RegisterProfile) {
  return { ...profile, headings: [...profile.headings] }
}

function profileOfFile(bytes: Uint8Array): z.infer<typeof profileFile> {
  const refuse = (reason: string) => new ProblemError(problem('REGISTER_PROFILE_FILE', { reason }))
  if (bytes.length > MAX_FILE) throw refuse('è troppo grande')
  let content: unknown
  try {
    content = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw refuse('non è un testo JSON')
  }
  const read = profileFile.safeParse(content)
  if (read.success) return read.data
  const issue = read.error.issues[0]
  const newer = issue?.path[0] === 'version'
  throw refuse(newer ? 'è di una versione più recente' : `non va «${issue?.path.join('.') || 'il contenuto'}»`)
}

export const registerProfile = {
  list: os.registerProfile.list.handler(({ context }) =>
    context.ledger.read(async (db) => (await allRegisterProfiles(db)).map(onWire)),
  ),

  save: os.registerProfile.save.handler(async ({ context, input }) => {
    const { name, mapping, headings } = input
    return context.ledger.write(command(context, 'registerProfile.save', { name }), async (db) => {
      const same = await byName(db, name)
      if (same?.shipped) throw new ProblemError(problem('REGISTER_PROFILE_LOCKED', { name: same.name }))
      await keepRegisterProfile(db, { name: same?.name ?? name, mapping, headings })
      return onWire(await needByName(db, name))
    })
  }),

  rename: os.registerProfile.rename.handler(({ context, input }) =>
    context.ledger.write(command(context, 'registerProfile.rename', { name: input.name }), async (db) => {
      const { id } = await needOwn(db, input.id)
      const same = await byName(db, input.name)
      if (same !== null && same.id !== id) {
        throw new ProblemError(problem('REGISTER_PROFILE_NAME', { name: same.name }))
      }
      await renameRegisterProfile(db, id, input.name)
      return onWire(await needByName(db, input.name))
    }),
  ),

  remove: os.registerProfile.remove.handler(async ({ context, input }) => {
    const { name } = await context.ledger.read((db) => needOwn(db, input.id))
    await context.ledger.write(command(context, 'registerProfile.remove', { name }), (db) =>
      removeRegisterProfile(db, input.id),
    )
    return null
  }),

  export: os.registerProfile.export.handler(async ({ context, input }) => {
    const { name, headings, mapping } = await context.ledger.read((db) => needRegisterProfile(db, input.id))
    const text = `${JSON.stringify({ form: FORM, version: 1, name, headings, mapping }, null, 2)}\n`
    const file = `${name
      .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
      .replaceAll(/^-|-$/g, '')
      .toLowerCase()}.profilo.json`
    return produceFile(context, file, 'application/json', [Buffer.from(text)])
  }),

  import: os.registerProfile.import.handler(async ({ context, input }) => {
    const file = await context.files.open(input.token)
    if (file.size > MAX_FILE) throw new ProblemError(problem('REGISTER_PROFILE_FILE', { reason: 'è troppo grande' }))
    const { name, headings, mapping } = profileOfFile(await file.bytes())
    return context.ledger.write(command(context, 'registerProfile.import', { name }), async (db) => {
      let free = name
      for (let n = 2; (await byName(db, free)) !== null; n += 1) free = `${name.slice(0, 54)} (${n})`
      await keepRegisterProfile(db, { name: free, headings, mapping })
      return onWire(await needByName(db, free))
    })
  }),
}
