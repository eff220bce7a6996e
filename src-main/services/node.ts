import { os } from './context.ts'
import { nodeAccounts } from './node-accounts.ts'
import { nodeCalls } from './node-calls.ts'
import { needRehearsalPage } from './node-connection.ts'
import { nodeEnvironment } from './node-environment.ts'
import { nodeSettings } from './node-settings.ts'
import { nodeTrial } from './node-trial.ts'

/** Section `node` of the contract: the connection to the pagoPA node. */
export const node = {
  ...nodeSettings,
  ...nodeTrial,
  ...nodeEnvironment,
  ...nodeAccounts,
  ...nodeCalls,
  rehearsalPage: os.node.rehearsalPage.handler(async ({ context }) => ({ url: await needRehearsalPage(context) })),
}
