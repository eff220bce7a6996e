import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ProblemError } from '#domain/problem'
import { moveDeliveries } from '#ledger/delivery-queue'
import { type PecFate, PecProvider } from '#simulator/pec-provider'
import { openReceiptReader } from '../../src-main/services/mail-receipts.ts'
import { FAILED, letter, report } from '../codecs/mail-samples.ts'
import { onBothEngines } from '../ledger/support/both-engines.ts'
import { addressOf, PostRoom } from './support/post-room.ts'

function providerOf(room: PostRoom, fate: PecFate | ((address: string) => PecFate) = 'delivered') {
  return new PecProvider({
    ...{ domain: 'gestore.example', name: 'Gestore di prova', now: () => room.clock.now(), form: 'breve' },
    fate: typeof fate === 'function' ? fate : () => fate,
    deliver: (_mailbox, bytes) => room.mailbox.put(bytes),
  })
}

/** A report of a server about what left. */
function bounce(room: PostRoom, n: number, more: { action?: string; to?: string; id?: string } = {}): Buffer {
  const group = FAILED.replaceAll(/ada\.prova@pec\.example/gi, more.to ?? addressOf(n))
  const returned = `Message-ID: ${more.id ?? room.messageId(n)}\r\nSubject: Avviso\r\n\r\nciao\r\n`
  return report([group.replace('Action: failed', `Action: ${more.action ?? 'failed'}`)], returned)
}

const FATES: Readonly<Record<PecFate, { state: string; evidence: string[]; reason: RegExp | null }>> = {
  delivered: { state: 'delivered', evidence: ['accettazione', 'consegna'], reason: null },
  acceptedOnly: { state: 'accepted', evidence: ['accettazione'], reason: null },
  silent: { state: 'sent', evidence: [], reason: null },
  notAccepted: { state: 'failed', evidence: ['nonAccettazione'], reason: /non ha accettato .*rispetta le regole/ },
  notAcceptedVirus: { state: 'failed', evidence: ['nonAccettazione'], reason: /virus/ },
  noBox: { state: 'failed', evidence: ['accettazione', 'mancata'], reason: /casella PEC del destinatario non esiste/ },
  noDomain: {
    state: 'failed',
    evidence: ['accettazione', 'mancata'],
    reason: /dominio del destinatario non riceve PEC/,
  },
  fullBox: { state: 'failed', evidence: ['accettazione', 'mancata'], reason: /casella del destinatario è piena/ },
  virus: { state: 'failed', evidence: ['accettazione', 'mancata'], reason: /virus/ },
  preavvisoThenFailed: {
    state: 'failed',
    evidence: ['accettazione', 'preavviso', 'preavviso', 'mancata'],
    reason: /tempo scaduto/,
  },
  preavvisoThenDelivered: { state: 'delivered', evidence: ['accettazione', 'preavviso', 'consegna'], reason: null },
  duplicate: { state: 'delivered', evidence: ['accettazione', 'consegna'], reason: null },
  outOfOrder: { state: 'delivered', evidence: ['consegna', 'accettazione'], reason: null },
}

onBothEngines('receipts of PEC', (bench) => {
  it('bring each delivery where its provider says, with the receipts whole as evidence', async () => {
    const fates = Object.keys(FATES) as PecFate[]
    const room = await PostRoom.open(await bench.open(), 'pec', fates.length)
    const provider = providerOf(room, (address) => fates[Number(/\d+/.exec(address)?.[0])] ?? 'silent')
    for (let n = 0; n < fates.length; n += 1) await provider.take(await room.send(n), [addressOf(n)])
    const { tied, unknown } = await room.read()
    for (const [n, fate] of fates.entries()) {
      const { state, reason, evidence } = await room.delivery(n)
      const expected = FATES[fate]
      expect([fate, state, evidence.map((one) => one.kind)]).toEqual([fate, expected.state, expected.evidence])
      if (expected.reason === null) expect(reason).toBeNull()
      else expect(reason).toMatch(expected.reason)
      for (const one of evidence) {
        expect(Buffer.from(one.bytesBase64 ?? '', 'base64').toString('latin1')).toContain('X-Ricevuta: ')
        expect(one.text).toMatch(/la firma non è stata verificata\.$/)
      }
    }
    expect([tied, unknown]).toEqual([fates.flatMap((fate) => FATES[fate].evidence).length, 0])
    expect(await room.read()).toEqual({ read: 0, tied: 0, unknown: 0, problems: 0 })
  })

  it.each(['preavvisoThenDelivered', 'preavvisoThenFailed'] as const)(
    'of «%s» end alike in every order',
    async (fate) => {
      const orders = permutations([0, 1, 2, 3].slice(0, FATES[fate].evidence.length))
      const room = await PostRoom.open(await bench.open(), 'pec', orders.length)
      for (const [n, order] of orders.entries()) {
        const receipts = providerOf(room, fate).receipts(await room.send(n), [addressOf(n)])
        for (const index of order) {
          room.mailbox.put(receipts[index]?.bytes as Uint8Array)
          await room.read()
        }
      }
      expect(await room.states()).toEqual(orders.map(() => FATES[fate].state))
      for (const [n] of orders.entries()) {
        const kinds = (await room.delivery(n)).evidence.map((one) => one.kind).sort()
        expect(kinds).toEqual([...FATES[fate].evidence].sort())
      }
    },
  )

  it('read again, from a mailbox made anew, change nothing', async () => {
    const room = await PostRoom.open(await bench.open(), 'pec', 3)
    for (let n = 0; n < 3; n += 1) await providerOf(room).take(await room.send(n), [addressOf(n)])
    expect((await room.read()).tied).toBe(6)
    const before = [await room.delivery(0), await room.delivery(1), await room.delivery(2)]
    room.mailbox.renumber()
    expect(await room.read()).toMatchObject({ read: 6, tied: 0 })
    expect([await room.delivery(0), await room.delivery(1), await room.delivery(2)]).toEqual(before)
  })

  it('read by two at once are kept once', async () => {
    const room = await PostRoom.open(await bench.open(), 'pec', 4)
    for (let n = 0; n < 4; n += 1) await providerOf(room).take(await room.send(n), [addressOf(n)])
    const both = await Promise.all([room.read(), room.read()])
    expect(both.map((one) => one.tied).sort()).toEqual([0, 8])
    expect(await room.states()).toEqual(Array(4).fill('delivered'))
  })

  it('that come before our own outcome is written wait for it', async () => {
    const room = await PostRoom.open(await bench.open(), 'pec', 3)
    const fates: PecFate[] = ['delivered', 'noBox', 'delivered']
    for (const [n, fate] of fates.entries()) await providerOf(room, fate).take(await room.begin(n), [addressOf(n)])
    expect((await room.read()).tied).toBe(6)
    expect(await room.states()).toEqual(['sending', 'sending', 'sending'])
    await room.end(0, 'sent')
    await room.end(1, 'sent')
    // The program died on the third: nobody knows, but the receipts do.
    await room.end(2, 'uncertain')
    await room.read()
    expect(await room.states()).toEqual(['delivered', 'failed', 'delivered'])
    expect((await room.delivery(1)).reason).toMatch(/casella PEC/)
  })

  it('settle what was uncertain, either way', async () => {
    const room = await PostRoom.open(await bench.open(), 'pec', 3)
    const fates: PecFate[] = ['acceptedOnly', 'notAccepted', 'silent']
    for (const [n, fate] of fates.entries()) {
      const message = await room.begin(n)
      await room.end(n, 'uncertain')
      await providerOf(room, fate).take(message, [addressOf(n)])
    }
    await room.read()
    expect(await room.states()).toEqual(['accepted', 'failed', 'uncertain'])
  })

  it('of an attempt before the last can bring good news, not bad', async () => {
    const room = await PostRoom.open(await bench.open(), 'pec', 2)
    const fates: PecFate[] = ['noBox', 'delivered']
    const old: Uint8Array[] = []
    for (const n of [0, 1]) {
      old.push(await room.begin(n))
      await room.end(n, 'deferred')
      await room.send(n)
    }
    for (const n of [0, 1]) await providerOf(room, fates[n]).take(old[n] as Uint8Array, [addressOf(n)])
    await room.read()
    expect(await room.states()).toEqual(['accepted', 'delivered'])
    expect((await room.delivery(0)).evidence.map((one) => one.kind)).toEqual(['accettazione', 'mancata'])
  })

  it('take out of the queue what is to be sent again, when they say that it arrived', async () => {
    const fates: PecFate[] = ['acceptedOnly', 'delivered', 'noBox', 'notAccepted', 'silent', 'delivered']
    const room = await PostRoom.open(await bench.open(), 'pec', fates.length)
    const messages: Uint8Array[] = []
    for (const n of fates.keys()) {
      messages.push(await room.begin(n))
      await room.end(n, n === 5 ? 'deferred' : 'uncertain')
    }
    // A person says that it did not arrive, before the provider has spoken.
    await room.ledger.write({ command: 't', operator: 't', payload: {}, at: room.clock.now() }, (db) =>
      moveDeliveries(db, room.deliveries.slice(0, 5), ['uncertain'], 'queued', null, room.clock.now()),
    )
    for (const [n, fate] of fates.entries()) {
      await providerOf(room, fate).take(messages[n] as Uint8Array, [addressOf(n)])
    }
    await room.read()
    expect(await room.states()).toEqual(['accepted', 'delivered', 'failed', 'queued', 'queued', 'delivered'])
    for (const n of [0, 1, 2, 5]) {
      expect((await room.delivery(n)).nextAt).toBeNull()
      await expect(room.begin(n)).rejects.toThrow('it does not wait')
    }
    // Bad news of the earlier attempt leaves it in the queue: it never arrived, and that is why it leaves again.
    await room.send(3)
    expect((await room.states())[3]).toBe('sent')
  })

  it('that do not fit are kept with their doubt and move nothing', async () => {
    const room = await PostRoom.open(await bench.open(), 'pec', 1)
    const message = await room.send(0)
    const [, consegna] = providerOf(room).receipts(message, [addressOf(0)])
    const text = Buffer.from(consegna?.bytes as Uint8Array).toString('latin1')
    const [, other] = providerOf(room).receipts(message, ['ugo@pec.example'])
    room.mailbox.put(other?.bytes as Uint8Array)
    room.mailbox.put(Buffer.from(text.replaceAll('pkcs7', 'altro'), 'latin1'))
    room.mailbox.put(Buffer.from(text.replace('From: posta-certificata@', 'From: chiunque@'), 'latin1'))
    expect(await room.read()).toMatchObject({ read: 3, tied: 3 })
    const { state, evidence } = await room.delivery(0)
    expect(state).toBe('sent')
    for (const one of evidence) expect(one.text).toMatch(/Non fa prova: /)
    expect(
      evidence.map((one) => /destinatario diverso|manca la firma|non è «posta-certificata»/.exec(one.text ?? '')?.[0]),
    ).toEqual(['destinatario diverso', 'manca la firma', 'non è «posta-certificata»'])
    room.mailbox.put(consegna?.bytes as Uint8Array)
    await room.read()
    expect(await room.states()).toEqual(['delivered'])
  })

  it('found in another account’s mailbox move nothing', async () => {
    const room = await PostRoom.open(await bench.open(), 'pec', 1)
    await providerOf(room).take(await room.send(0), [addressOf(0)])
    expect((await room.read(room.otherAccountId)).tied).toBe(2)
    expect(await room.states()).toEqual(['sent'])
    expect((await room.delivery(0)).evidence[0]?.text).toMatch(/partito da un altro account/)
  })

  it('of messages that are not ours, and other mail, are left alone', async () => {
    const room = await PostRoom.open(await bench.open(), 'pec', 1)
    await room.send(0)
    const foreign = letter(
      ['Message-ID: <altra@ordine.example>', 'From: ordine@ordine.pec.example'],
      'di un altro programma',
    )
    await providerOf(room).take(foreign, ['x@pec.example'])
    room.mailbox.put(letter(['From: ada0@pec.example', 'Subject: Domanda'], 'Quanto devo?'))
    room.mailbox.put(Buffer.from('\xff\x00'.repeat(50), 'latin1'))
    expect(await room.read()).toEqual({ read: 4, tied: 0, unknown: 2, problems: 0 })
    expect(await room.ledger.read((db) => db.selectFrom('mailReceipt').selectAll().execute())).toEqual([])
  })
})

onBothEngines('bounces of e-mail', (bench) => {
  it('end a delivery, warn of it, or say nothing of it', async () => {
    const room = await PostRoom.open(await bench.open(), 'email', 6)
    for (let n = 0; n < 6; n += 1) await room.send(n)
    room.mailbox.put(bounce(room, 0))
    room.mailbox.put(bounce(room, 1, { action: 'delayed' }))
    room.mailbox.put(bounce(room, 2, { to: 'inoltro@altrove.example' }))
    room.mailbox.put(bounce(room, 3, { id: '<altra@ordine.example>' }))
    room.mailbox.put(bounce(room, 4, { action: 'relayed' }))
    room.mailbox.put(letter(['Return-Path: <>', 'From: ada5@pec.example', 'Subject: Fuori sede'], 'Torno lunedì.'))
    expect(await room.read()).toEqual({ read: 6, tied: 4, unknown: 1, problems: 0 })
    expect(await room.states()).toEqual(['failed', 'sent', 'sent', 'sent', 'sent', 'sent'])
    const first = await room.delivery(0)
    expect(first.reason).toMatch(/^La casella del destinatario non esiste \(il server scrive «550 5\.1\.1/)
    expect(first.evidence).toMatchObject([{ kind: 'dsn' }])
    expect((await room.delivery(2)).evidence[0]?.text).toMatch(/Non fa prova: parla di un destinatario diverso/)
    room.mailbox.put(bounce(room, 1))
    await room.read()
    expect((await room.states())[1]).toBe('failed')
  })

  it('settle what was uncertain', async () => {
    const room = await PostRoom.open(await bench.open(), 'email', 2)
    for (const n of [0, 1]) {
      await room.begin(n)
      await room.end(n, 'uncertain')
    }
    room.mailbox.put(bounce(room, 0))
    room.mailbox.put(bounce(room, 1, { action: 'delayed' }))
    await room.read()
    expect(await room.states()).toEqual(['failed', 'sent'])
  })

  it('that prove that it left take it out of the queue', async () => {
    const actions = ['delayed', 'relayed', 'failed']
    const room = await PostRoom.open(await bench.open(), 'email', actions.length)
    for (const n of actions.keys()) {
      await room.begin(n)
      await room.end(n, 'uncertain')
    }
    await room.ledger.write({ command: 't', operator: 't', payload: {}, at: room.clock.now() }, (db) =>
      moveDeliveries(db, room.deliveries, ['uncertain'], 'queued', null, room.clock.now()),
    )
    for (const [n, action] of actions.entries()) room.mailbox.put(bounce(room, n, { action }))
    await room.read()
    expect(await room.states()).toEqual(['sent', 'sent', 'queued'])
  })

  it('wrapped by a PEC provider in an anomaly are read; PEC receipts in an ordinary mailbox prove nothing', async () => {
    const room = await PostRoom.open(await bench.open(), 'email', 2)
    const message = await room.send(0)
    await room.send(1)
    await providerOf(room).take(message, [addressOf(0)])
    room.mailbox.put(
      letter(
        ['X-Trasporto: errore', 'Subject: ANOMALIA MESSAGGIO: torna', 'Content-Type: multipart/mixed; boundary=b'],
        `--b\nContent-Type: text/plain\n\nbusta\n--b\nContent-Type: message/rfc822\n\n${bounce(room, 1).toString()}\n--b--\n`,
      ),
    )
    await room.read()
    expect(await room.states()).toEqual(['sent', 'failed'])
    expect((await room.delivery(0)).evidence[0]?.text).toMatch(/non è arrivata in una casella PEC/)
    expect((await room.delivery(1)).evidence[0]?.text).toMatch(/busta di anomalia/)
  })
})

onBothEngines('whatever comes in whatever order', (bench) => {
  it('a delivery ends where the first end puts it, and no receipt is kept twice', async () => {
    const ledger = await bench.open()
    const room = await PostRoom.open(ledger, 'pec', 40)
    let next = 0
    const kinds = ['acceptedOnly', 'delivered', 'noBox', 'preavvisoThenDelivered', 'notAccepted'] as const
    const steps = fc.array(fc.tuple(fc.constantFrom(...kinds), fc.nat(2), fc.boolean()), { minLength: 1, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(steps, fc.constantFrom('sent', 'uncertain'), async (chosen, own) => {
        const n = next++ % 40
        if (n >= 40) return
        const message = await room.begin(n)
        await room.end(n, own)
        let state: string = own
        for (const [fate, index, twice] of chosen) {
          const receipts = providerOf(room, fate).receipts(message, [addressOf(n)])
          const bytes = receipts[index % receipts.length]?.bytes as Uint8Array
          const kind = /X-Ricevuta: ([\w-]+)/.exec(Buffer.from(bytes).toString('latin1'))?.[1] ?? ''
          room.mailbox.put(bytes)
          if (twice) room.mailbox.put(bytes)
          await room.read()
          state = model(state, kind)
          expect((await room.delivery(n)).state).toBe(state)
        }
        const { evidence } = await room.delivery(n)
        expect(new Set(evidence.map((one) => one.sha256)).size).toBe(evidence.length)
      }),
      { numRuns: 40, endOnFailure: true },
    )
  })
})

/** The table of the states, written a second time and plainly. */
function model(state: string, tipo: string): string {
  if (state === 'delivered' || state === 'failed') return state
  if (tipo === 'avvenuta-consegna') return 'delivered'
  if (tipo === 'errore-consegna' || tipo === 'non-accettazione') return 'failed'
  return tipo === 'accettazione' ? 'accepted' : state
}

onBothEngines('the mailbox', (bench) => {
  const account = (room: PostRoom) =>
    room.ledger.read((db) =>
      db.selectFrom('mailAccount').selectAll().where('id', '=', room.accountId).executeTakeFirstOrThrow(),
    )

  it('that does not open leaves its reason with the account, until it opens', async () => {
    const room = await PostRoom.open(await bench.open(), 'pec', 1)
    room.mailbox.fault = 'Il server non ha risposto in tempo.'
    await expect(room.read()).rejects.toBeInstanceOf(ProblemError)
    expect((await account(room)).receiptsError).toMatch(/non ha risposto in tempo/)
    room.mailbox.fault = null
    await room.read()
    expect(await account(room)).toMatchObject({ receiptsError: null, receiptsReadAt: room.clock.now() })
  })

  it('is read when the program starts, and a reading without news writes nothing', async () => {
    const room = await PostRoom.open(await bench.open(), 'pec', 1)
    await providerOf(room).take(await room.send(0), [addressOf(0)])
    const reader = openReceiptReader(room.context)
    await reader.look()
    expect(await room.states()).toEqual(['delivered'])
    const revision = await room.ledger.revision()
    await reader.look()
    expect(await room.ledger.revision()).toBe(revision)
    await reader.close()
    await sleep(0)
  })

  it('without settings says so', async () => {
    const room = await PostRoom.open(await bench.open(), 'pec', 1)
    await room.ledger.write({ command: 't', operator: 't', payload: {}, at: room.clock.now() }, (db) =>
      db.updateTable('mailAccount').set({ imapHost: null }).execute(),
    )
    await expect(room.read()).rejects.toThrow(/non ha una casella da cui leggere le ricevute/)
  })
})

function permutations(items: readonly number[]): number[][] {
  if (items.length < 2) return [[...items]]
  return items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]))
}
