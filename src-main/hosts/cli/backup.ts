import { type Command, EXIT } from './command.ts'
import { dataFolder, withLedger } from './ledger-access.ts'

export const backup: Command = {
  name: 'backup',
  usage: 'backup [<cartella>]',
  summary: 'fa una copia di sicurezza dell’archivio, anche mentre il programma lavora',
  async run({ positionals, data }) {
    const made = await withLedger(dataFolder(data), (ledger) => ledger.backup(positionals[0]))
    const size = (made.bytes / 1_048_576).toFixed(1).replace('.', ',')
    return { code: EXIT.ok, json: made, text: `Copia di sicurezza (${size} MB) in ${made.file}` }
  },
}
