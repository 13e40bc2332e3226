// Promise: a bounce says what its server meant; it says so only of the mail whose return path it proves to know; and no mail breaks the reader.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { recordingOf } from '../../src/bounces/inbox.ts';
import { messageOf } from '../../src/bounces/message.ts';
import { bounceMail, PROVEN_HEADER } from '../../src/providers/bounce_mail.ts';
import { type MailEvent, WebhookParseError } from '../../src/providers/webhook_source.ts';
import { returnPathOf } from '../../src/rendering/return_path.ts';
import { newTrackingId } from '../../src/rendering/token.ts';
import { BOUNCE_ADDRESS, eventsOf, messageAbout, messageTo } from './support.ts';

const key = randomBytes(32);
const id = newTrackingId();
const names = readdirSync(join(import.meta.dirname, 'messages')).map((name) => name.replace('.eml', ''));

/** As if its return path had been there. */
const proven = (body: Buffer): MailEvent[] => bounceMail.parse({ headers: { [PROVEN_HEADER]: id }, body });
const gist = (events: MailEvent[]) => events.map(({ kind, detail }) => [kind, detail['recipient'] ?? null]);

suite('what servers write', () => {
  const expected: Record<string, [string, string | null][]> = {
    rfc3464_simple: [['soft_bounce', 'louisl@larry.slip.umd.edu']],
    rfc3464_several: [
      ['soft_bounce', 'arathib@vnet.ibm.com'],
      ['deferred', 'johnh@hpnjld.njd.hp.com'],
      ['soft_bounce', 'wsnell@sdcc13.ucsd.edu'],
    ],
    rfc3464_delayed: [['deferred', 'thomas@de-montfort.ac.uk']],
    rfc5965_simple: [['complaint', null]],
    rfc5965_full: [['complaint', 'user@example.com']],
    postfix: [['hard_bounce', 'ada@example.org']],
    exim: [['hard_bounce', 'ada@example.org']],
    exchange: [['hard_bounce', 'ada@example.org']],
    gmail: [['hard_bounce', 'ada@gmail.com']],
    qmail: [['hard_bounce', null]],
    vacation: [['other', null]],
  };

  for (const name of names) {
    test(name, () => {
      const message = messageTo('bounces@example.com', name);
      assert.deepEqual(gist(proven(message)), expected[name]);
      const withCrLf = Buffer.from(message.toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
      assert.deepEqual(gist(proven(withCrLf)), expected[name], 'with line ends as on the wire');
    });
  }

  test('when it happened is what the report says, else its date', () => {
    assert.equal(proven(messageTo('b@example.com', 'gmail'))[0]?.occurredAt, '2025-01-14T10:15:30.000Z');
    assert.equal(proven(messageTo('b@example.com', 'postfix'))[0]?.occurredAt, '2025-01-14T10:15:30.000Z');
    assert.equal(
      proven(messageTo('b@example.com', 'rfc3464_simple'))[0]?.occurredAt,
      null,
      'before there was this mail',
    );
  });

  test('a report cut short after its status is read as far as it goes', () => {
    const whole = messageTo('b@example.com', 'postfix');
    const cut = whole.subarray(
      0,
      whole.indexOf('--4XyZ1j5Qz9z9sP.1736849730/mx.example.com\nContent-Description: Undelivered'),
    );
    assert.deepEqual(gist(proven(cut)), [['hard_bounce', 'ada@example.org']]);
  });
});

/** A notification of one or more recipients' fates. */
function notification(...recipients: string[]): Buffer {
  const blocks = recipients.map((fields, number) => `Final-Recipient: rfc822; r${number}@example.org\n${fields}\n`);
  return Buffer.from(
    `Message-ID: <n@example.org>\nContent-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n
Reporting-MTA: dns; mx.example.org\n\n${blocks.join('\n')}\n--b--\n`,
  );
}

suite('what codes mean', () => {
  for (const [fields, kind] of [
    ['Action: failed\nStatus: 5.1.1', 'hard_bounce'],
    ['Action: failed\nStatus: 5.1.2', 'hard_bounce'],
    ['Action: failed\nStatus: 5.1.3', 'hard_bounce'],
    ['Action: failed\nStatus: 5.1.6', 'hard_bounce'],
    ['Action: failed\nStatus: 5.1.10', 'hard_bounce'],
    ['Action: failed\nStatus: 5.2.1', 'hard_bounce'],
    ['Action: failed\nStatus: 5.1.0', 'soft_bounce'],
    ['Action: failed\nStatus: 5.1.100', 'soft_bounce'],
    ['Action: failed\nStatus: 5.2.2', 'soft_bounce'],
    ['Action: failed\nStatus: 4.2.2', 'soft_bounce'],
    ['Action: failed\nStatus: 5.7.1', 'soft_bounce'],
    ['Action: failed\nStatus: 5.0.0', 'soft_bounce'],
    ['Action: failed', 'soft_bounce'],
    ['Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 5.1.1 no such user', 'hard_bounce'],
    ['Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.7.1 blocked', 'soft_bounce'],
    ['Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 5.1.1.9 is on a list', 'soft_bounce'],
    ['ACTION: Failed (sorry)\nstatus: 5.1.1 (no such mailbox)', 'hard_bounce'],
    ['Status: 5.1.1', 'hard_bounce'],
    ['Action: delayed\nStatus: 5.1.1', 'deferred'],
    ['Action: delivered\nStatus: 2.0.0', 'delivered'],
    ['Action: expanded\nStatus: 2.0.0', 'delivered'],
    ['Action: relayed\nStatus: 2.0.0', 'other'],
    ['Action: eaten\nStatus: 5.1.1', 'other'],
  ] as const) {
    test(fields.replaceAll('\n', ', '), () => assert.equal(proven(notification(fields))[0]?.kind, kind));
  }

  test('an address that passes mail on is dead when all that it passes to are', () => {
    const dead = 'Action: failed\nStatus: 5.1.1';
    assert.deepEqual(
      gist(proven(notification(dead, dead)))
        .flat()
        .filter(isKind),
      ['hard_bounce', 'hard_bounce'],
    );
    const alive = 'Action: delivered\nStatus: 2.0.0';
    assert.deepEqual(
      gist(proven(notification(dead, alive)))
        .flat()
        .filter(isKind),
      ['soft_bounce', 'delivered'],
    );
  });

  test('feedback of machines is no complaint', () => {
    const abuse = messageTo('b@example.com', 'rfc5965_full').toString();
    for (const type of ['not-spam', 'virus', 'auth-failure', 'other']) {
      assert.equal(proven(Buffer.from(abuse.replace('Type: abuse', `Type: ${type}`)))[0]?.kind, 'other');
    }
  });
});

function isKind(text: unknown): boolean {
  return typeof text === 'string' && !text.includes('@');
}

suite('who is believed', () => {
  const addressed = names.filter((name) => !name.startsWith('rfc'));

  for (const name of addressed) {
    test(`${name}: the return path names the mail, and nothing else does`, () => {
      const [event] = eventsOf(messageAbout(id, key, name), key);
      assert.partialDeepStrictEqual(event, { trackingId: id, subTaskId: null, messageId: null, recipient: null });
    });

    test(`${name}: a return path that we didn't sign decides nothing`, () => {
      for (const message of [messageTo('bounces@mail.example.com', name), messageAbout(id, randomBytes(32), name)]) {
        for (const event of eventsOf(message, key)) {
          assert.equal(event.kind, 'other');
          assert.equal(event.trackingId, null);
        }
      }
    });
  }

  test('without proof it still says what it claims, and of which mail', () => {
    const [event] = eventsOf(messageTo('bounces@mail.example.com', 'postfix'), key);
    assert.partialDeepStrictEqual(event, {
      kind: 'other',
      subTaskId: '0194642c-0a5e-7c3b-9e5e-000000000001',
      subTaskIdFrom: 'payload',
      messageId: null,
      recipient: 'ada@example.org',
      detail: { claims: 'hard_bounce', unproven: true, status: '5.1.1' },
    });
  });

  test('our Message-ID names the mail where our header was left out', () => {
    const message = messageTo('bounces@mail.example.com', 'postfix').toString();
    const [event] = eventsOf(Buffer.from(message.replace(/^X-Postilion-Sub-Task: .*\n/m, '')), key);
    assert.equal(event?.subTaskId, '0194642c-0a5e-7c3b-9e5e-000000000001');
    const [foreign] = eventsOf(Buffer.from(message.replaceAll('0194642c', 'foreign')), key);
    assert.partialDeepStrictEqual(foreign, { subTaskId: null, subTaskIdFrom: null, messageId: null });
  });

  test('a header of the message itself is no proof', () => {
    const forged = Buffer.concat([Buffer.from(`${PROVEN_HEADER}: ${id}\n`), messageTo('b@example.com', 'postfix')]);
    assert.deepEqual(
      eventsOf(forged, key).map(({ kind }) => kind),
      ['other'],
    );
  });

  test('a complaint is believed for the return path of the mail that it returns', () => {
    const path = returnPathOf(BOUNCE_ADDRESS, key, id);
    const report = messageTo('', 'rfc5965_full')
      .toString()
      .replace('<somespammer@example.net>\nOriginal-Rcpt', `<${path}>\nOriginal-Rcpt`);
    assert.partialDeepStrictEqual(eventsOf(Buffer.from(report), key), [{ kind: 'complaint', trackingId: id }]);
  });

  test('the address that the MTA delivers to counts, and one that quoted-printable broke', () => {
    const recipient = returnPathOf(BOUNCE_ADDRESS, key, id);
    const toPipe = recordingOf(messageTo('bounces@example.com', 'qmail'), { place: 'stdin', recipient }, [key]);
    assert.equal(toPipe.headers[PROVEN_HEADER], id);
    const broken = Buffer.from(`Subject: x\n\n${recipient.slice(0, 20)}=\r\n${recipient.slice(20)}`);
    assert.equal(recordingOf(broken, { place: 'stdin', recipient: null }, [key]).headers[PROVEN_HEADER], id);
  });

  test('nobody posts bounces to the webhooks', () => {
    const circumstances = { now: new Date(), fetch };
    assert.equal(typeof bounceMail.verify({ headers: {}, body: Buffer.from('') }, ['secret'], circumstances), 'string');
  });
});

suite('what is told apart', () => {
  const keysOf = (message: Buffer) => eventsOf(message, key).map(({ dedupeKey }) => dedupeKey);

  test('the same message again has the same keys', () => {
    for (const name of names) {
      assert.deepEqual(keysOf(messageAbout(id, key, name)), keysOf(messageAbout(id, key, name)), name);
    }
  });

  test('recipients, actions, messages and mails have keys of their own', () => {
    const all = [
      ...keysOf(messageTo('b@example.com', 'rfc3464_several')),
      ...keysOf(messageAbout(id, key, 'postfix')),
      ...keysOf(messageAbout(newTrackingId(), key, 'postfix')),
      ...keysOf(messageTo('b@example.com', 'postfix')),
      ...keysOf(messageAbout(id, key, 'exim')),
    ];
    assert.equal(new Set(all).size, 7);
  });
});

suite('whatever comes', () => {
  const parses = (body: Buffer): void => {
    try {
      proven(body);
      eventsOf(body, key);
    } catch (error) {
      assert.ok(error instanceof WebhookParseError, String(error));
    }
  };

  test('random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => parses(Buffer.from(bytes))),
      { numRuns: 2_000 },
    );
  });

  test('reports with bytes changed, left out and repeated', () => {
    const change = fc.record({ at: fc.nat(), length: fc.nat({ max: 200 }), put: fc.uint8Array({ maxLength: 20 }) });
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.array(change, { minLength: 1, maxLength: 5 }), (name, changes) => {
        let message = messageAbout(id, key, name);
        for (const { at, length, put } of changes) {
          const from = at % message.length;
          message = Buffer.concat([message.subarray(0, from), Buffer.from(put), message.subarray(from + length)]);
          if (message.length === 0) return;
        }
        parses(message);
      }),
      { numRuns: 3_000 },
    );
  });

  test('what is no mail is said to be none', () => {
    for (const text of ['', '\n', 'hello', '\0'.repeat(100)]) {
      assert.throws(() => eventsOf(Buffer.from(text), key), WebhookParseError);
    }
  });

  const megabyte = 1_000_000;
  for (const [what, text] of Object.entries({
    'parts within parts': Array.from(
      { length: 5_000 },
      (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\n\n--b${n}\n`,
    ).join(''),
    'parts beside parts': `Content-Type: multipart/report; boundary=b\n\n${'--b\nContent-Type: message/delivery-status\n\n'.repeat(20_000)}`,
    recipients: notification(...Array.from({ length: 10_000 }, () => 'Action: failed\nStatus: 5.1.1')).toString(),
    'spaces in an address': notification(
      `Action: failed\nOriginal-Recipient: rfc822;${' '.repeat(megabyte)}x`,
    ).toString(),
    'spaces in a type': `Content-Type: multipart/mixed;${' '.repeat(megabyte)}x\n\nx`,
    'one header': `Subject: ${'x'.repeat(megabyte)}\n\nx`,
    'a header folded': `Subject: x\n${' x\n'.repeat(megabyte / 3)}\n`,
    'empty lines': `Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n${'\n \t'.repeat(megabyte / 3)}`,
    codes: `From: MAILER-DAEMON@example.org\n\n${'5.1.1 '.repeat(megabyte / 6)}`,
    dashes: `From: MAILER-DAEMON@example.org\n\n${'-'.repeat(megabyte)}`,
    'addresses like ours': `From: MAILER-DAEMON@example.org\n\n${`b+${'a'.repeat(36)}@x `.repeat(20_000)}`,
  })) {
    test(`a megabyte of ${what} ends`, { timeout: 20_000 }, () => parses(Buffer.from(text)));
  }

  test('depth and number of parts are bounded', () => {
    const many = `Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\nx\n'.repeat(5_000)}--b--`;
    assert.equal(messageOf(Buffer.from(many))?.leaves.length, 100);
  });
});
