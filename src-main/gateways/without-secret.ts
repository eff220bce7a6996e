/**
 * A server's reply without the secret that it was told: some repeat the line that they refuse, and replies go into
 * books and screens. Also as base64 (AUTH PLAIN and LOGIN), whatever stands before it.
 */
export function withoutSecret(reply: string, secret: string | null): string {
  if (!secret) return reply
  const bytes = Buffer.from(secret)
  // Letters with accents come back as one or as two, as the library read them.
  let said = reply.replaceAll(secret, '…').replaceAll(bytes.toString('latin1'), '…')
  for (const before of [0, 1, 2]) {
    const shifted = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    // First and last letters also carry bits of what stands beside.
    const own = shifted.slice(before === 0 ? 0 : before + 1, (before + bytes.length) % 3 === 0 ? undefined : -1)
    if (own.length >= 4) said = said.replaceAll(own, '…')
  }
  return said
}
