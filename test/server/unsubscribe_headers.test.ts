// Promise: every mail, by whichever provider, carries the two headers of RFC 8058, and their address unsubscribes its recipient and nobody else.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { z } from 'zod';
import { loadConfig } from '../../src/config.ts';
import { requestBody } from '../../src/providers/engagelab_request.ts';
import type { Mail } from '../../src/providers/provider.ts';
import { messageOf } from '../../src/providers/smtp_message.ts';
import { newTrackingId, verifyToken } from '../../src/rendering/token.ts';
import { toMail } from '../../src/tasks/mail.ts';
import { secret } from './support.ts';

const origin = 'https://links.example.com';
const trackingId = newTrackingId();
/** EngageLab's limit for all headers of a mail, in bytes. */
const headerLimit = 1_000;

const headersOf = z.object({ 'List-Unsubscribe': z.string(), 'List-Unsubscribe-Post': z.string() });
const engagelabBody = z.object({ body: z.object({ headers: headersOf }) });

const providers: Record<string, (mail: Mail) => z.infer<typeof headersOf>> = {
  engagelab: (mail) => engagelabBody.parse(JSON.parse(Buffer.concat(requestBody(mail)).toString())).body.headers,
  smtp: (mail) => headersOf.parse(messageOf(mail, 'id@example.com').headers),
};

for (const [provider, headersBy] of Object.entries(providers)) {
  for (const path of ['/api/tracking/unsubscribe', '/u']) {
    test(`by ${provider}, with links under ${path}`, () => {
      const config = loadConfig({ TRACKING_UNSUBSCRIBE_PATH: path });
      const headers = headersBy(
        toMail(aBegunMail(), [], { trackingOrigin: origin, bounceAddress: null }, { config, secret }),
      );
      assert.equal(headers['List-Unsubscribe-Post'], 'List-Unsubscribe=One-Click');
      const [, address = ''] = /^<(.*)>$/.exec(headers['List-Unsubscribe']) ?? [];
      assert.ok(address.startsWith(`${origin}${path}/`));
      const token = address.slice(`${origin}${path}/`.length);
      assert.deepEqual(verifyToken([secret.tracking], 'u', token), { trackingId, linkNumber: null });
      assert.ok(JSON.stringify(headers).length < headerLimit);
    });
  }
}

function aBegunMail(): Parameters<typeof toMail>[0] {
  return {
    id: randomUUID(),
    taskId: randomUUID(),
    recipientEmail: 'reader@example.com',
    senderEmail: 'news@example.com',
    senderDisplayName: null,
    replyTo: null,
    subject: 'Hello',
    html: '<p>Hello</p>',
    text: 'Hello',
    trackingId,
    refusals: 0,
    trackOpens: false,
    trackClicks: false,
  };
}
