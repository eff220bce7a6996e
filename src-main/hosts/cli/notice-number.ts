import { readNoticeNumber } from '#domain/notice-number'
import { type Command, EXIT, UsageError } from './command.ts'

export const noticeNumber: Command = {
  name: 'notice-number',
  usage: 'notice-number <18 cifre>',
  summary: 'legge un numero avviso e ne controlla le cifre',
  async run({ positionals }) {
    // The notice prints it in groups of four: taken also when the shell makes several words of it.
    const text = positionals.join('')
    if (text === '') throw new UsageError('Manca il numero avviso.')
    const reading = readNoticeNumber(text)
    return {
      code: reading.valid ? EXIT.ok : EXIT.problems,
      json: reading,
      text: [
        reading.valid ? `${text}: numero avviso valido.` : `${text}: non è un numero avviso valido.`,
        `  cifra ausiliaria        ${reading.auxDigit ?? '–'}`,
        `  codice di segregazione  ${reading.segregationCode ?? '–'}`,
        `  IUV                     ${reading.iuv ?? '–'}`,
        `  cifre di controllo      ${reading.checkDigits ?? '–'}`,
      ].join('\n'),
    }
  },
}
