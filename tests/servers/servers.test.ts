import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import nodemailer from 'nodemailer'
import { afterEach, expect, it } from 'vitest'
import { countsByBox, startDovecot } from './dovecot.ts'
import { startOpenSsh } from './openssh.ts'
import { startPostfix } from './postfix.ts'
import { startVsftpd } from './vsftpd.ts'

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

it('Postfix takes a message over STARTTLS with a login, and Dovecot has it in its box', async ({ skip }) => {
  const dovecot = await startDovecot()
  if (dovecot === null) return skip('Dovecot non c’è')
  stops.push(dovecot.stop)
  const answers = { 'piena@ordine.test': '552 5.2.2 casella piena', 'poi@ordine.test': '450 4.2.0 riprovare' }
  const postfix = await startPostfix(dovecot, { boxes: ['rossi@ordine.test', 'ordine@pec.test'], answers })
  if (postfix === null) return skip('Postfix non c’è')
  stops.push(postfix.stop)
  const transport = nodemailer.createTransport({
    host: postfix.host,
    port: postfix.port,
    requireTLS: true,
    tls: { ca: postfix.pem },
    auth: { user: 'ordine@pec.test', pass: postfix.password },
  })
  const mail = { from: 'ordine@pec.test', subject: 'Prova', text: 'Ciao' }
  const sent = await transport.sendMail({ ...mail, to: 'rossi@ordine.test' })
  expect(sent.response).toMatch(/^250/)
  const refusal = (to: string) => transport.sendMail({ ...mail, to }).catch((error: Error) => error.message)
  expect(await refusal('piena@ordine.test')).toMatch(/552/)
  expect(await refusal('poi@ordine.test')).toMatch(/450/)
  expect(await refusal('nessuno@ordine.test')).toMatch(/550/)
  transport.close()
  await postfix.drained()
  expect(await dovecot.count('rossi@ordine.test')).toBe(1)
  expect((await dovecot.messages('rossi@ordine.test'))[0]).toContain('Subject: Prova')
  await dovecot.deliver('rossi@ordine.test', 'Subject: Seconda\n\nTesto\n')
  expect(countsByBox(dovecot.boxes).get('rossi@ordine.test')).toBe(2)
})

it('what the servers leave behind is nothing: no user, no program, no folder', async ({ skip }) => {
  const ssh = await startOpenSsh()
  if (ssh === null) return skip('OpenSSH non c’è')
  const ftp = await startVsftpd('explicit')
  const known = readFileSync(join(ssh.home, '..', 'hostkey.pub'), 'utf8').split(' ')[1] ?? ''
  expect(ssh.fingerprint()).toBe(createHash('sha256').update(Buffer.from(known, 'base64')).digest('hex'))
  const users = [ssh.user, ...(ftp === null ? [] : [ftp.user])]
  for (const user of users) expect(execFileSync('id', ['-un', user], { encoding: 'utf8' }).trim()).toBe(user)
  await ssh.stop()
  await ftp?.stop()
  const passwd = readFileSync('/etc/passwd', 'utf8')
  for (const user of users) expect(passwd).not.toContain(user)
  expect([existsSync(ssh.home), ftp !== null && existsSync(ftp.inbox)]).toEqual([false, false])
})
