/** A display profile by ICC.1: its size, signature, class, colours, and every obligatory tag inside it. */
export function profileFaults(icc: Buffer): string[] {
  const faults: string[] = []
  if (icc.readUInt32BE(0) !== icc.length) faults.push('profile of another size than it says')
  if (icc.toString('latin1', 36, 40) !== 'acsp') faults.push('profile without signature')
  if ((icc[8] as number) > 4) faults.push('profile of a later version')
  if (!['mntr', 'prtr', 'spac'].includes(icc.toString('latin1', 12, 16))) faults.push('profile of another class')
  if (icc.toString('latin1', 16, 20) !== 'RGB ') faults.push('profile of other colours')
  const tags = new Map<string, Buffer>()
  for (let i = 0; i < icc.readUInt32BE(128); i++) {
    const at = 132 + i * 12
    const [offset, length] = [icc.readUInt32BE(at + 4), icc.readUInt32BE(at + 8)]
    if (offset % 4 !== 0 || offset + length > icc.length) faults.push('profile with a tag outside')
    tags.set(icc.toString('latin1', at, at + 4), icc.subarray(offset, offset + length))
  }
  for (const name of ['desc', 'cprt', 'wtpt', 'chad', 'rXYZ', 'gXYZ', 'bXYZ', 'rTRC', 'gTRC', 'bTRC'])
    if (!tags.has(name)) faults.push(`profile without ${name}`)
  return faults
}
