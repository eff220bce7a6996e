import { afterAll, afterEach, beforeAll, describe, it } from 'vitest'
import { tellInstitution } from './road/1-institution.ts'
import { importRegister } from './road/2-register.ts'
import { generatePositions } from './road/3-positions.ts'
import { leafThroughNotices } from './road/4-notices.ts'
import { deliverNotices, seeDeliveries, takeBackCampaign } from './road/5-delivery.ts'
import { importFlows } from './road/6-flows.ts'
import { importReceipts } from './road/6-receipts.ts'
import { reconcile } from './road/7-reconciliation.ts'
import { loadStatement } from './road/7-statement.ts'
import { issueReversali } from './road/8-reversali.ts'
import { transmitReversali } from './road/8-transmission.ts'
import { seeClosing } from './road/9-closing.ts'
import { seeDashboard } from './road/9-dashboard.ts'
import { Walk } from './road/walk.ts'
import { pictureOnFailure } from './window.ts'

/**
 * The nine steps as a secretary walks them: keys, clicks and the system's file dialog, on the real program in a real
 * browser. Each step begins where the one before it ended.
 */
describe('the whole road of a fee, on screen', () => {
  let walk: Walk
  const step = (name: string, act: (walk: Walk) => Promise<void>) =>
    it(name, { timeout: 90_000 }, async () => {
      pictureOnFailure(() => walk.page)
      await act(walk)
    })

  beforeAll(async () => {
    walk = await Walk.begin()
  })
  afterEach(() => walk.person.expectNoTrouble())
  afterAll(() => walk?.end())

  step('1. tells the institution in the first-run guide', tellInstitution)
  step('2. imports the register: mistakes with their cell first, then all of it', importRegister)
  step('3. generates the positions: filters, one row struck off with Canc, the sum to the cent', generatePositions)
  step('4. leafs through the notices and saves one', leafThroughNotices)
  step('5. starts a campaign for tomorrow and takes it back', takeBackCampaign)
  step('5. delivers by e-mail and to a folder; a wrong address is put right in place', deliverNotices)
  step('5. finds each delivery again, and stops sending to one person', seeDeliveries)
  step('6. imports the reporting flows and finds a payment by its filters', importFlows)
  step('6. imports receipts, each with its position and its flow', importReceipts)
  step('7. loads the statement of a bank it does not know, then remembers its columns', loadStatement)
  step('7. decides the credits: Invio, Ctrl Z, X', reconcile)
  step('8. issues the reversali and their quietanze', issueReversali)
  step('8. hands them over to the treasurer with a numbered list', transmitReversali)
  step('9. sees it all on Cruscotto', seeDashboard)
  step('9. reads what stops the closing of the exercise', seeClosing)
})
