import { expect, test } from 'vitest'
import { drawCartSheet } from '#codecs/pdf/cart-sheet'
import { cartSheet } from './pdf-samples.ts'
import { pageTexts, readWithZxing } from './pdf-tools.ts'

test('the sheet to pay now says what is paid, until when, and its code opens the link', async () => {
  const bytes = drawCartSheet(cartSheet)
  const [page, ...more] = await pageTexts(bytes)
  expect(more).toEqual([])
  // Words stand where letters change their set.
  const text = page?.replace(/\s+/g, '') ?? ''
  for (const part of [
    'Željko Đorđević',
    '301012600000000123',
    '71,67',
    '91,67',
    '12/03/2026 alle 10:15',
    cartSheet.url,
  ]) {
    expect(text).toContain(part.replaceAll(' ', ''))
  }
  expect(text).not.toContain('Fogliodiprova')
  expect(await readWithZxing(bytes)).toBe(cartSheet.url)
  expect((await pageTexts(drawCartSheet({ ...cartSheet, rehearsal: true }))).join('')).toContain('Foglio di prova')
})
