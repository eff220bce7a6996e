/** Whether a text is one plain address (RFC 5321 §4.1.2 without quoting): no list, no name, no comment, a domain with a point. */
export function isMailAddress(text: string): boolean {
  return (
    /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}$/.test(text) &&
    !/^\.|\.@|\.\./.test(text)
  )
}
