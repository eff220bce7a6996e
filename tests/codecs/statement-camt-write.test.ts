import { expect, test } from 'vitest'
import { writeCamtStatement } from '#codecs/statement-camt-write'
import { readStatement } from '#codecs/statement-read'
import { isoDate } from '#domain/date'
import { cents } from '#domain/money'

const movement = (day: string, amount: number, description: string) => ({
  ...{ bookingDate: isoDate(day), valueDate: isoDate(day), amountCents: cents(amount), description },
})

test('what is written is read back: account, days, signs, texts; opening and movements give the closing', async () => {
  const movements = [
    movement(
      '2026-03-02',
      21_500,
      '/PUR/LGPE-RIVERSAMENTO/TXT/0/URI/2026-03-02BALFITM1XXX-0000410001 DA A & B <prova>',
    ),
    movement('2026-03-02', -650, 'COMMISSIONI'),
    movement('2026-03-04', 7, 'Interessi'),
  ]
  const bytes = writeCamtStatement({
    ...{ holder: 'Ordine «di prova» & figli', iban: 'IT60X0542811101000000123456', openingCents: cents(1_250_000) },
    ...{ from: isoDate('2026-01-01'), to: isoDate('2026-03-04'), movements },
  })
  const reading = await readStatement(bytes)
  expect(reading.problems).toEqual([])
  expect(reading.parts).toMatchObject([
    {
      account: { iban: 'IT60X0542811101000000123456' },
      openingCents: 1_250_000,
      closingCents: 1_270_857,
    },
  ])
  const seen = reading.movements.map(({ bookingDate, valueDate, amountCents, description }) => ({
    ...{ bookingDate, valueDate, amountCents, description },
  }))
  expect(seen).toEqual(movements)
})
