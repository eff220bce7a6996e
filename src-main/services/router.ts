import { accertamento } from './accertamento.ts'
import { albo } from './albo.ts'
import { alboDestination } from './albo-destination.ts'
import { alboSent } from './albo-sent.ts'
import { app, ledger } from './app.ts'
import { bankStatement } from './bank-statement.ts'
import { book } from './book.ts'
import { bookRule } from './book-rule.ts'
import { campaign } from './campaign.ts'
import { cart } from './cart.ts'
import { os } from './context.ts'
import { dashboard } from './dashboard.ts'
import { debtPosition, issuance } from './debt-position.ts'
import { delivery } from './delivery.ts'
import { deliveryStop } from './delivery-stop.ts'
import { exercise } from './exercise.ts'
import { file, folder } from './file.ts'
import { fileAccount } from './file-account.ts'
import { account, capitolo, institution, serviceType } from './institution.ts'
import { intake } from './intake.ts'
import { ioService } from './io-service.ts'
import { journal } from './journal.ts'
import { lateFee } from './late-fee.ts'
import { letter } from './letter.ts'
import { mailAccount } from './mail-account.ts'
import { node } from './node.ts'
import { nodeInbox } from './node-inbox.ts'
import { nodePosition } from './node-position.ts'
import { notice } from './notice.ts'
import { noticeStyle } from './notice-style.ts'
import { partner } from './partner.ts'
import { person } from './person.ts'
import { positionAct } from './position-act.ts'
import { quietanza } from './quietanza.ts'
import { quota } from './quota-generation.ts'
import { receipt } from './receipt.ts'
import { reconciliation } from './reconciliation.ts'
import { registerImport } from './register-import.ts'
import { registerProfile } from './register-profile.ts'
import { reportingFlow } from './reporting-flow.ts'
import { reversale } from './reversale.ts'
import { rule } from './rule.ts'
import { search } from './search.ts'
import { setting, view } from './setting.ts'
import { tariff } from './tariff.ts'
import { taxonomy } from './taxonomy.ts'
import { transmissionList } from './transmission-list.ts'
import { watchedFolder } from './watched-folder.ts'

/** Every procedure of the contract with its answer; the hosts serve this one object. */
export const router = os.router({
  app,
  ledger,
  file,
  folder,
  institution,
  account,
  exercise,
  capitolo,
  serviceType,
  taxonomy,
  tariff,
  quota,
  lateFee,
  setting,
  view,
  registerImport,
  registerProfile,
  person,
  accertamento,
  debtPosition,
  positionAct,
  nodePosition,
  partner,
  cart,
  issuance,
  notice,
  noticeStyle,
  letter,
  mailAccount,
  fileAccount,
  campaign,
  delivery,
  deliveryStop,
  ioService,
  intake,
  watchedFolder,
  reportingFlow,
  receipt,
  bankStatement,
  reconciliation,
  rule,
  reversale,
  quietanza,
  transmissionList,
  albo,
  alboDestination,
  alboSent,
  book,
  bookRule,
  nodeInbox,
  journal,
  dashboard,
  search,
  node,
})
