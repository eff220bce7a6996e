/** Domains of mailboxes that anybody can open: no PEC stands there. */
const COMMON = new Set(
  (
    'gmail.com googlemail.com hotmail.com hotmail.it outlook.com outlook.it live.com live.it msn.com icloud.com me.com mac.com ' +
    'yahoo.com yahoo.it ymail.com libero.it virgilio.it alice.it tin.it tim.it tiscali.it tiscalinet.it inwind.it iol.it ' +
    'fastwebnet.it email.it supereva.it teletu.it aol.com gmx.com gmx.net gmx.de proton.me protonmail.com'
  ).split(' '),
)

/** Domains of providers that sell PEC and nothing else; those of orders and firms often begin with `pec.`. */
const CERTIFIED = new Set(
  'pec.it legalmail.it postecert.it arubapec.it pecimprese.it sicurezzapostale.it cert.legalmail.it mypec.eu pec.net'.split(
    ' ',
  ),
)

/** Whether an address that should be a PEC is plainly an ordinary mailbox. */
export function isOrdinaryMail(address: string): boolean {
  return COMMON.has(domainOf(address))
}

/** Whether an ordinary address is plainly a PEC, which takes no mail from ordinary boxes unless its owner says so. */
export function isCertifiedMail(address: string): boolean {
  const domain = domainOf(address)
  return CERTIFIED.has(domain) || /^(?:pec|legalmail)\./.test(domain)
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase()
}
