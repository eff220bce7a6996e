import { accertamento } from './accertamento.ts'
import { albo, alboDestination, alboSent } from './albo.ts'
import { app, ledger } from './app.ts'
import { bankStatement } from './bank-statement.ts'
import { book, dashboard, journal, search } from './book.ts'
import { bookRule } from './book-rule.ts'
import { cart } from './cart.ts'
import { debtPosition, issuance } from './debt-position.ts'
import { campaign, delivery, deliveryStop, fileAccount, ioService, mailAccount } from './delivery.ts'
import { exercise } from './exercise.ts'
import { file, folder } from './file.ts'
import { account, capitolo, institution, serviceType, setting, view } from './institution.ts'
import { intake } from './intake.ts'
import { lateFee } from './late-fee.ts'
import { node } from './node.ts'
import { nodeInbox } from './node-inbox.ts'
import { nodePosition } from './node-position.ts'
import { letter, notice } from './notice.ts'
import { noticeStyle } from './notice-style.ts'
import { partner } from './partner.ts'
import { person } from './person.ts'
import { positionAct } from './position-act.ts'
import { receipt } from './receipt.ts'
import { reconciliation } from './reconciliation.ts'
import { registerImport } from './register-import.ts'
import { registerProfile } from './register-profile.ts'
import { reportingFlow } from './reporting-flow.ts'
import { quietanza, reversale } from './reversale.ts'
import { rule } from './rule.ts'
import { quota, tariff } from './tariff.ts'
import { taxonomy } from './taxonomy.ts'
import { transmissionList } from './transmission-list.ts'
import { watchedFolder } from './watched-folder.ts'

/** The wire: every procedure that a page may call, by section. One file of `services/` answers each section. */
export const contract = {
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
  cart,
  nodePosition,
  partner,
  issuance,
  notice,
  letter,
  noticeStyle,
  mailAccount,
  fileAccount,
  ioService,
  campaign,
  delivery,
  deliveryStop,
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
}

export type Contract = typeof contract
