// Deliveries a second through our own gateways against the bare protocol, in the same run, on servers of this machine.

import { createHash, randomBytes } from 'node:crypto'
import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import nodemailer from 'nodemailer'
import SftpClient from 'ssh2-sftp-client'
import { fileServers } from '#gateways/file-server'
import { smtpMail } from '#gateways/mail-smtp'
import { systemClock } from '#hosts/clock'
import { startDovecot } from '../tests/servers/dovecot.ts'
import { startOpenSsh } from '../tests/servers/openssh.ts'
import { startPostfix } from '../tests/servers/postfix.ts'

/** A notice weighs about this much; a sheet of it does not compress. */
const PAPER = randomBytes(60_000)
const BOXES = Array.from({ length: 40 }, (_, i) => `iscritto${i}@ordine.test`)
const AT_LEAST = 0.7
const ROUNDS = 3

/** The same paper made different for each file, as real ones are. */
function paper(of: string): Buffer {
  return Buffer.concat([PAPER, createHash('sha256').update(of).digest()])
}

/** Ours and the floor in turns, so that both meet the same machine; the best of each counts. */
async function compare(what: string, count: number, ours: (round: number) => Promise<void>, floor: typeof ours) {
  let [best, bestFloor] = [0, 0]
  await ours(-1)
  await floor(-1)
  for (let round = 0; round < ROUNDS; round += 1) {
    best = Math.max(best, count / (await seconds(() => ours(round))))
    bestFloor = Math.max(bestFloor, count / (await seconds(() => floor(round))))
  }
  const share = best / bestFloor
  const verdict = share >= AT_LEAST ? 'basta' : `sotto ${AT_LEAST}`
  console.log(
    `${what}: ${best.toFixed(0)} al secondo; il solo protocollo ${bestFloor.toFixed(0)}; rapporto ${share.toFixed(2)} (${verdict})`,
  )
  return share >= AT_LEAST
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const from = performance.now()
  await work()
  return (performance.now() - from) / 1000
}

function same(kind: string, wanted: string, what: string): void {
  if (kind !== wanted) throw new Error(`${what}: ${kind}`)
}

async function mail(count: number): Promise<boolean | null> {
  const dovecot = await startDovecot()
  if (dovecot === null) return null
  const postfix = await startPostfix(dovecot, { boxes: BOXES })
  try {
    if (postfix === null) return null
    const user = 'ordine@ordine.test'
    const from = { name: 'Ordine di Prova', address: user }
    const { host, port, password, pem } = postfix
    const message = (i: number, round: number, whose: string) => {
      const name = `${whose}-${round}-${i}`
      return {
        from,
        subject: 'Avviso di pagamento',
        text: 'In allegato l’avviso di pagamento.\n',
        messageId: `<${name}@ordine.test>`,
        name,
        address: BOXES[i % BOXES.length] as string,
      }
    }
    const ours = async (round: number) => {
      const gateway = smtpMail(systemClock(), { ca: pem })
      const line = await gateway.open({ host, port, security: 'starttls', user, password })
      for (let i = 0; i < count; i += 1) {
        const { name, address, ...rest } = message(i, round, 'nostro')
        const attachments = [{ name: `${name}.pdf`, mime: 'application/pdf', bytes: paper(name) }]
        const outcome = await line.send({ ...rest, to: { name: '', address }, attachments })
        same(outcome.kind, 'sent', name)
      }
      await line.close()
    }
    const floor = async (round: number) => {
      const transport = nodemailer.createTransport({
        ...{ host, port, pool: true, maxConnections: 1, maxMessages: Number.POSITIVE_INFINITY, requireTLS: true },
        tls: { ca: pem },
        auth: { user, pass: password },
      })
      for (let i = 0; i < count; i += 1) {
        const { name, address, ...rest } = message(i, round, 'nudo')
        const attachments = [{ filename: `${name}.pdf`, contentType: 'application/pdf', content: paper(name) }]
        await transport.sendMail({ ...rest, to: address, attachments })
      }
      transport.close()
    }
    return await compare(`Messaggi a Postfix (${count} con allegato di 60 kB, STARTTLS)`, count, ours, floor)
  } finally {
    await postfix?.stop()
    await dovecot.stop()
  }
}

async function files(count: number): Promise<boolean | null> {
  const ssh = await startOpenSsh()
  if (ssh === null) return null
  try {
    const { host, port, user, password } = ssh
    const folderOf = async (whose: string, round: number) => {
      const name = `${whose}${round + 1}`
      await mkdir(join(ssh.home, name))
      await chmod(join(ssh.home, name), 0o777)
      return name
    }
    const ours = async (round: number) => {
      const remoteFolder = await folderOf('nostra', round)
      const pinned = ssh.fingerprint()
      const session = await fileServers().open({
        ...{ protocol: 'sftp', host, port, user, password, privateKey: null, remoteFolder, pinned },
      })
      for (let i = 0; i < count; i += 1) {
        const name = `RSSMRA85T10A562S_2026_${i}.pdf`
        same((await session.put(name, paper(name))).kind, 'written', name)
      }
      await session.close()
    }
    const floor = async (round: number) => {
      const folder = await folderOf('nuda', round)
      const client = new SftpClient()
      await client.connect({ host, port, username: user, password })
      ;(client as unknown as { client: { setNoDelay(on: boolean): void } }).client.setNoDelay(true)
      for (let i = 0; i < count; i += 1) {
        const name = `RSSMRA85T10A562S_2026_${i}.pdf`
        await client.put(paper(name), `${folder}/${name}`)
      }
      await client.end()
    }
    return await compare(`File a OpenSSH (${count} di 60 kB, SFTP)`, count, ours, floor)
  } finally {
    await ssh.stop()
  }
}

const count = Number(process.env.QUIETANZA_BENCH_COUNT ?? 300)
const verdicts = [await mail(count), await files(count)]
if (verdicts.includes(null)) console.log('Dove un server manca non si misura.')
process.exit(verdicts.includes(false) ? 1 : 0)
