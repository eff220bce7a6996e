import type { NodeOption, NodePayment, NodePosition, NodeTransfer, PositionStatus } from './records.ts'
import { firstValidity } from './states.ts'

/** `PaymentPositionModel`: what a creation, an update and the actions of v1 answer. */
export function modelV1(position: NodePosition) {
  const debtor = position.options[0]?.debtor
  return defined({
    iupd: position.iupd,
    type: debtor?.type ?? 'F',
    payStandIn: position.payStandIn,
    fiscalCode: debtor?.fiscalCode ?? 'NA',
    fullName: debtor?.fullName ?? 'NA',
    streetName: debtor?.streetName,
    civicNumber: debtor?.civicNumber,
    postalCode: debtor?.postalCode,
    city: debtor?.city,
    province: debtor?.province,
    region: debtor?.region,
    country: debtor?.country,
    email: debtor?.email,
    phone: debtor?.phone,
    switchToExpired: position.options.length > 0 && position.options.every((each) => each.switchToExpired),
    companyName: position.companyName,
    officeName: position.officeName,
    validityDate: firstValidity(position),
    paymentDate: position.paymentDate,
    status: position.status,
    paymentOption: position.options.flatMap((option) =>
      option.payments.map((payment) =>
        defined({
          nav: payment.nav,
          iuv: payment.iuv,
          amount: payment.amount,
          description: payment.description,
          isPartialPayment: option.plan,
          dueDate: payment.dueDate,
          retentionDate: payment.retentionDate,
          fee: payment.fee ?? 0,
          notificationFee: 0,
          transfer: payment.transfer.map(sentTransfer),
          paymentOptionMetadata: payment.metadata,
        }),
      ),
    ),
  })
}

/** `PaymentPositionModelBaseResponse`: what v1 reads. `only`: the payments to show, where a filter left some out. */
export function readingV1(position: NodePosition, only: (payment: NodePayment) => boolean = () => true) {
  return defined({
    ...headOf(position, position.status),
    type: position.options[0]?.debtor.type ?? 'F',
    validityDate: firstValidity(position),
    paymentOption: position.options.flatMap((option) =>
      option.payments
        .filter(only)
        .map((payment) => ({ ...paymentV1(position, payment), isPartialPayment: option.plan })),
    ),
  })
}

/** `PaymentsModelResponse`. */
export function paymentV1(position: NodePosition, payment: NodePayment) {
  return defined({
    ...paymentOf(position, payment),
    retentionDate: payment.retentionDate,
    insertedDate: position.insertedDate,
    status: payment.status,
    paymentOptionMetadata: payment.metadata,
  })
}

/** `PaymentPositionModelV3`. The description of an option is never told back. */
export function modelV3(position: NodePosition) {
  return defined({
    iupd: position.iupd,
    payStandIn: position.payStandIn,
    companyName: position.companyName,
    officeName: position.officeName,
    paymentDate: position.paymentDate,
    status: statusV3(position.status),
    paymentOption: position.options.map((option) =>
      defined({
        validityDate: option.validityDate,
        retentionDate: option.payments[0]?.retentionDate,
        switchToExpired: option.switchToExpired,
        debtor: option.debtor,
        installments: option.payments.map((payment) =>
          defined({
            nav: payment.nav,
            iuv: payment.iuv,
            amount: payment.amount,
            description: payment.description,
            dueDate: payment.dueDate,
            fee: payment.fee ?? 0,
            notificationFee: 0,
            status: payment.status.slice(3),
            transfer: payment.transfer.map(sentTransfer),
            installmentMetadata: payment.metadata,
          }),
        ),
      }),
    ),
  })
}

/** `PaymentPositionModelResponseV3`: options by their first due date. */
export function readingV3(position: NodePosition, only: (payment: NodePayment) => boolean = () => true) {
  const option = (each: NodeOption) =>
    defined({
      switchToExpired: each.switchToExpired,
      retentionDate: each.payments[0]?.retentionDate,
      insertedDate: position.insertedDate,
      validityDate: each.validityDate,
      debtor: each.debtor,
      installments: each.payments
        .filter(only)
        .sort((a, b) => (a.dueDate < b.dueDate ? -1 : 1))
        .map((payment) =>
          defined({
            ...paymentOf(position, payment),
            status: payment.status.slice(3),
            installmentMetadata: payment.metadata,
          }),
        ),
    })
  const first = (each: NodeOption) => each.payments.map(({ dueDate }) => dueDate).sort()[0] ?? ''
  return defined({
    ...headOf(position, statusV3(position.status)),
    paymentOption: position.options
      .filter((each) => each.payments.some(only))
      .sort((a, b) => (first(a) < first(b) ? -1 : 1))
      .map(option),
  })
}

/** v3 has fewer states than are kept. */
export function statusV3(status: PositionStatus): string {
  if (status === 'EXPIRED' || status === 'INVALID') return 'UNPAYABLE'
  return status === 'REPORTED' ? 'PAID' : status
}

function headOf(position: NodePosition, status: string) {
  return {
    iupd: position.iupd,
    organizationFiscalCode: position.organizationFiscalCode,
    companyName: position.companyName,
    officeName: position.officeName,
    insertedDate: position.insertedDate,
    publishDate: position.publishDate,
    paymentDate: position.paymentDate,
    status,
    lastUpdatedDate: position.lastUpdatedDate,
  }
}

function paymentOf(position: NodePosition, payment: NodePayment) {
  return {
    nav: payment.nav,
    iuv: payment.iuv,
    organizationFiscalCode: position.organizationFiscalCode,
    amount: payment.amount,
    description: payment.description,
    dueDate: payment.dueDate,
    paymentDate: payment.paymentDate,
    reportingDate: payment.reportingDate,
    paymentMethod: payment.paymentMethod,
    pspCompany: payment.pspCompany,
    fee: payment.fee ?? 0,
    notificationFee: 0,
    idReceipt: payment.idReceipt,
    idFlowReporting: payment.idFlowReporting,
    lastUpdatedDate: payment.lastUpdatedDate,
    transfer: payment.transfer.map((transfer) => ({
      ...sentTransfer(transfer),
      insertedDate: position.insertedDate,
      status: transfer.status,
      lastUpdatedDate: transfer.lastUpdatedDate,
    })),
  }
}

function sentTransfer({ status, lastUpdatedDate, ...transfer }: NodeTransfer) {
  return transfer
}

function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T
}
