// Promise: what a real MTA takes from us it delivers as we wrote it, and what it refuses has the outcome that its answer gives it.
// The MTA is Debian's exim4: see exim/program.ts for where it comes from.
import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { aMail, everyByte, TIMEOUT_MS } from '../simulator/support.ts';
import { filesOf, partOf, readMime } from '../support/mime.ts';
import { MAX_MESSAGE_BYTES } from './exim/configuration.ts';
import { findExim } from './exim/program.ts';
import { startExim } from './exim/server.ts';
import { gist, smtpSender } from './smtp_support.ts';

const program = await findExim();

suite('through exim', { skip: typeof program === 'string' && program }, async () => {
  if (typeof program === 'string') return;
  const exim = await startExim(program);
  after(() => exim.close());

  test('a mail arrives as it was written, under our Message-ID, over TLS', async (t) => {
    const mail = aMail({
      from: { address: 'news@example.com', name: 'Ada, "Countess" Ünal' },
      replyTo: 'reply@example.com',
      subject: `Grüße, 艾达 ${'and so on '.repeat(10)}`.trim(),
      text: 'Grüße\n.\n..two dots\nFrom here\n  on',
      html: `<p>Grüße ✓</p>\n.\n<p>${'a long line '.repeat(200)}</p>`,
      headers: {
        'List-Unsubscribe': `<https://example.com/u/${'x'.repeat(200)}>, <mailto:unsubscribe@example.com>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      },
    });
    const outcome = await smtpSender(t, exim.port).send(mail, TIMEOUT_MS);
    const messageId = `${mail.subTaskId}.0@example.com`;
    assert.equal(outcome.kind === 'accepted' && outcome.messageId, messageId);
    const arrived = readMime(await exim.delivered(messageId));
    assert.partialDeepStrictEqual(arrived.headers, {
      'message-id': `<${messageId}>`,
      'return-path': '<news@example.com>',
      'envelope-to': 'ada@example.org',
      from: 'Ada, "Countess" Ünal <news@example.com>',
      to: 'ada@example.org',
      'reply-to': 'reply@example.com',
      subject: mail.subject,
      'x-postilion-sub-task': mail.subTaskId,
      'list-unsubscribe': mail.headers['List-Unsubscribe'],
      'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
    });
    assert.match(arrived.headers['received'] ?? '', /with esmtps /);
    assert.equal(partOf(arrived, 'text/plain').body.toString(), mail.text);
    assert.equal(partOf(arrived, 'text/html').body.toString(), mail.html);
  });

  test('attachments arrive byte for byte, whatever they are', async (t) => {
    const mail = aMail({
      attachments: [
        { name: 'every byte.bin', contentType: 'application/octet-stream', content: everyByte },
        { name: 'Übersicht „2" 艾达.csv', contentType: 'text/csv', content: Buffer.from('a\nb\r\nc\r.\n..\n') },
        { name: `${'long '.repeat(39)}.html`, contentType: 'text/html', content: Buffer.from('<p>ü</p>') },
      ],
    });
    assert.equal((await smtpSender(t, exim.port).send(mail, TIMEOUT_MS)).kind, 'accepted');
    const arrived = readMime(await exim.delivered(`${mail.subTaskId}.0@example.com`));
    assert.deepEqual(
      filesOf(arrived),
      mail.attachments.map(({ name, contentType: type, content }) => ({ name, type, content })),
    );
    assert.equal(partOf(arrived, 'text/plain').body.toString(), mail.text);
  });

  test('a refused recipient is refused, with the enhanced code where there is one', async (t) => {
    const sender = smtpSender(t, exim.port);
    for (const [name, expected] of [
      ['unknown', 'refused 5.1.1'],
      ['disabled', 'refused 5.2.1'],
      ['nobody', 'refused 550'],
      ['greylisted', 'deferred 4.7.1'],
    ])
      assert.equal(gist(await sender.send(aMail({ to: `${name}@example.org` }), TIMEOUT_MS)), expected, name);
    assert.equal((await sender.send(aMail(), TIMEOUT_MS)).kind, 'accepted', 'and the next one goes');
  });

  test('a mail that is too big is refused for good', async (t) => {
    const content = Buffer.alloc(MAX_MESSAGE_BYTES);
    const mail = aMail({ attachments: [{ name: 'big', contentType: 'application/zip', content }] });
    assert.equal(gist(await smtpSender(t, exim.port).send(mail, TIMEOUT_MS)), 'refused 552');
  });

  test('a sender that exim will not have is the fault of the service', async (t) => {
    const mail = aMail({ from: { address: 'news@-.example.com', name: null } });
    const outcome = await smtpSender(t, exim.port).send(mail, TIMEOUT_MS);
    assert.equal(gist(outcome), 'unusable 501 configuration');
  });

  const mortal = await startExim(program);
  after(() => mortal.close());

  test('when it is gone, the service is unreachable', async (t) => {
    const sender = smtpSender(t, mortal.port);
    assert.equal((await sender.send(aMail(), TIMEOUT_MS)).kind, 'accepted');
    await mortal.stop();
    assert.equal(gist(await smtpSender(t, mortal.port).send(aMail(), TIMEOUT_MS)), 'unusable connect unreachable');
  });
});
