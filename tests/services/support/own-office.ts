import { afterEach, beforeEach, expect } from 'vitest'
import { CollectionOffice } from './collection-office.ts'

/** The office of the test that runs. */
export let office: CollectionOffice

/** Gives each test of the file an office of its own, whose equations hold when the test ends. */
export function anOfficeForEachTest(): void {
  beforeEach(async () => {
    office = await CollectionOffice.open()
  })
  afterEach(async () => {
    expect(await office.equations()).toEqual([])
    await office.close()
  })
}

export const ctx = () => ({ context: office.ctx })

export const refused = (code: string) => ({ data: { problems: [{ code }] } })
