import { Refused } from './http.ts'

/** Refusals of GPD by their titles (pagopa.md §7.2, §7.4). */
export const refusals = {
  data: (detail: string) => new Refused(400, 'Error in the debt position request data', detail),
  duplicate: (fiscalCode: string) =>
    new Refused(
      409,
      'The debt position violated constraints of uniqueness',
      `A debt position of the organization ${fiscalCode} has this IUPD already, or one of its payments is not unique`,
    ),
  forbidden: (fiscalCode: string, number: string) =>
    new Refused(
      403,
      'The payment position is forbidden',
      `The caller may not touch the payment ${number} of ${fiscalCode}: its segregation code is another's`,
    ),
  notFound: (fiscalCode: string, iupd: string) =>
    new Refused(404, 'Not found the debt position', `No debt position ${iupd} for the organization ${fiscalCode}`),
  paid: (fiscalCode: string, iupd: string) =>
    new Refused(409, 'Existing related payment found', `${iupd} of ${fiscalCode} was already paid`),
  wrongState: (wanted: 'updatable' | 'publishable' | 'invalidable', iupd: string, status: string) =>
    new Refused(
      409,
      `Existing related payment found or not in ${wanted} state`,
      `The debt position ${iupd} is ${status}`,
    ),
  publishTooLate: (iupd: string, what: 'validity' | 'due') =>
    new Refused(
      409,
      what === 'validity'
        ? 'Publish request occurred after the validity date began'
        : 'Publish request occurred after the due date of a payment options has expired',
      `The ${what} date of ${iupd} is past`,
    ),
  reservedMetadata: () =>
    new Refused(409, 'The payment option contains reserved metadata', 'NOTIFICATION_FEE may not be set by the caller'),
  noPayment: (fiscalCode: string, nav: string) =>
    new Refused(404, 'Not found the payment option', `No payment ${nav} for the organization ${fiscalCode}`),
  notPayable: (nav: string, status: string) =>
    new Refused(422, 'Not in payable state', `The payment ${nav} belongs to a position that is ${status}`),
  alreadyPaid: (nav: string) =>
    new Refused(409, 'Existing related payment found', `The payment ${nav} was already made`),
  manyPlans: (iupd: string) =>
    new Refused(
      422,
      'MULTI_INSTALLMENT_NOT_SUPPORTED_IN_V1',
      `The debt position ${iupd} has several plans, which v1 cannot show`,
    ),
}
