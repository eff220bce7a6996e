import { romeDate } from '#domain/date'
import { currentExercise } from '#domain/raising'
import { readBadges } from '#ledger/badges'
import { listExerciseStates } from '#ledger/chart'
import { readInstitution } from '#ledger/institution'
import { readSetting, writeSetting } from '#ledger/setting'
import { command } from './command.ts'
import { os, type ServiceContext } from './context.ts'

const LAST_BACKUP = 'ledger.lastBackupAt'

function placeOf(context: ServiceContext): string {
  const { target } = context.ledger
  return target.engine === 'sqlite' ? target.file : 'PostgreSQL'
}

export const app = {
  state: os.app.state.handler(async ({ context }) => {
    const { institution, exercises, badges, lastBackup } = await context.ledger.read(async (db) => ({
      institution: await readInstitution(db),
      exercises: await listExerciseStates(db),
      badges: await readBadges(db),
      lastBackup: await readSetting(db, LAST_BACKUP),
    }))
    const now = context.clock.now()
    const today = romeDate(now)
    const current = currentExercise(exercises, today)
    return {
      configured: institution !== null && current !== null,
      institutionName: institution?.name ?? null,
      environment: institution?.environment ?? 'rehearsal',
      exercises,
      currentExercise: current,
      operator: context.operator,
      today,
      now,
      version: context.version,
      badges,
      ledger: {
        engine: context.ledger.target.engine,
        place: placeOf(context),
        lastBackupAt: lastBackup === null ? null : JSON.parse(lastBackup),
        secretsPlace: context.secrets.place,
      },
    }
  }),
}

export const ledger = {
  revisions: os.ledger.revisions.handler(async function* ({ context, signal }) {
    for await (const revision of context.ledger.revisions(signal)) yield { revision }
  }),
  backup: os.ledger.backup.handler(async ({ context }) => {
    const backup = await context.ledger.backup()
    const write = command(context, 'ledger.backup', { bytes: backup.bytes })
    const { at } = write
    await context.ledger.write(write, (db) => writeSetting(db, LAST_BACKUP, JSON.stringify(at)))
    return { place: backup.file, at }
  }),
  check: os.ledger.check.handler(async ({ context }) => {
    const health = await context.ledger.health()
    const line = (name: string, findings: readonly string[], good: string) => ({
      name,
      ok: findings.length === 0,
      text: findings.length === 0 ? good : findings.slice(0, 5).join('; '),
    })
    return [
      line('Archivio', health.integrity, `Integro (${health.engine}, versione ${health.schemaVersion}).`),
      line('Registro attività', health.journal, 'La catena delle registrazioni è intera.'),
      line('Conti', health.equations, 'Le quadrature tornano al centesimo.'),
      { name: 'Password', ok: true, text: `Custodite in: ${context.secrets.place}.` },
    ]
  }),
}
