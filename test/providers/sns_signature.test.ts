// Promise: a message counts as SNS's only when Amazon signed it, for the topic we are pinned to, lately; and no request makes us call anybody but SNS.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { sesSource } from '../../src/providers/ses_webhook.ts';
import { certificateAddress, snsAddress } from '../../src/providers/sns_address.ts';
import { SnsCertificates } from '../../src/providers/sns_certificates.ts';
import { canonicalText, type SnsMessage } from '../../src/providers/sns_message.ts';
import {
  type Asked,
  CERTIFICATE_URL,
  fetchOf,
  notification,
  SENT_AT,
  SUBSCRIBE_URL,
  signed,
  subscription,
  TOPIC,
} from './sns_support.ts';
import { TEST_CERTIFICATE, TEST_CERTIFICATE_WITHOUT_RSA } from './sns_test_key.ts';
import { FORGERIES, mutationOf, requestOf } from './webhook_support.ts';

const NOW = new Date(SENT_AT);
const otherKey = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

interface Terms {
  topics?: readonly string[];
  now?: Date;
  asked?: Asked;
  source?: ReturnType<typeof sesSource>;
}

async function verify(
  message: unknown,
  { topics = [TOPIC], now = NOW, asked = fetchOf(), source = sesSource() }: Terms = {},
) {
  return source.verify(requestOf(message), topics, { now, fetch: asked.fetch });
}

test('what is signed is what the documentation says', () => {
  const { MessageId, Message, SubscribeURL, Token } = subscription;
  assert.equal(
    canonicalText(notification),
    `Message\nHello world!\nMessageId\n${MessageId}\nSubject\nMy First Message\nTimestamp\n${SENT_AT}\nTopicArn\n${TOPIC}\nType\nNotification\n`,
  );
  assert.equal(
    canonicalText({ ...notification, Subject: null }),
    `Message\nHello world!\nMessageId\n${MessageId}\nTimestamp\n${SENT_AT}\nTopicArn\n${TOPIC}\nType\nNotification\n`,
  );
  assert.equal(
    canonicalText(subscription),
    `Message\n${Message}\nMessageId\n${MessageId}\nSubscribeURL\n${SubscribeURL}\nTimestamp\n${SENT_AT}\nToken\n${Token}\nTopicArn\n${TOPIC}\nType\nSubscriptionConfirmation\n`,
  );
});

test('both versions of the signature are right for each type of message', async () => {
  for (const SignatureVersion of ['1', '2'])
    for (const message of [notification, subscription, { ...subscription, Type: 'UnsubscribeConfirmation' as const }])
      assert.equal(await verify(signed({ ...message, SignatureVersion })), null);
});

test('a signature by another key, of another version or in another writing is wrong', async () => {
  const right = signed(notification);
  assert.equal(await verify(signed(notification, otherKey)), 'Signature does not match');
  assert.equal(await verify({ ...right, SignatureVersion: '2' }), 'Signature does not match');
  assert.equal(await verify({ ...right, SignatureVersion: '3' }), 'SignatureVersion is neither 1 nor 2');
  assert.equal(await verify({ ...right, Signature: ` ${right.Signature}` }), 'Signature does not match');
  assert.equal(await verify({ ...right, Signature: right.Signature.replace(/=+$/, '') }), 'Signature does not match');
});

test('a topic is pinned, several while one is replaced, and nobody is asked for the message of another', async () => {
  const asked = fetchOf();
  const message = signed(notification);
  assert.equal(await verify(message, { topics: ['arn:aws:sns:us-west-2:123456789012:Next', TOPIC], asked }), null);
  asked.urls.length = 0;
  for (const topics of [[''], ['arn:aws:sns:us-west-2:123456789012:Next'], [TOPIC.toLowerCase()], [`${TOPIC}x`]])
    assert.equal(await verify(message, { topics, asked }), 'the message is not from the topic it should be');
  assert.match(String(await verify(message, { topics: [], asked })), /^no topic is set/);
  assert.deepEqual(asked.urls, []);
});

test('a message can not be read as another that has the same canonical text', async () => {
  const theirs = 'arn:aws:sns:us-west-2:210987654321:Theirs';
  const inside = `Hello\nMessageId\n1\nTimestamp\n${SENT_AT}\nTopicArn\n${TOPIC}\nType\nNotification`;
  const message = signed({ ...notification, Message: inside, Subject: null, TopicArn: theirs });
  const tail = canonicalText(message).slice(`Message\n${inside}\n`.length, -1);
  const moved = { ...message, Message: 'Hello', MessageId: '1', TopicArn: TOPIC, Type: `Notification\n${tail}` };
  assert.equal(await verify(moved), 'this is no message of Amazon SNS');
  assert.equal(
    await verify({ ...moved, Type: 'Notification', TopicArn: `${TOPIC}\n${tail}` }),
    'this is no message of Amazon SNS',
  );
});

test('an hour and 300 s late are allowed, and 300 s early; a millisecond more is not', async () => {
  const message = signed(notification);
  const at = (offsetMs: number) => verify(message, { now: new Date(Date.parse(SENT_AT) + offsetMs) });
  for (const offset of [-300_000, 0, 3_900_000]) assert.equal(await at(offset), null, String(offset));
  for (const offset of [-300_001, 3_900_001])
    assert.equal(await at(offset), 'Timestamp is more than an hour ago, or ahead of now', String(offset));
});

test('only addresses of SNS are addresses of SNS', () => {
  for (const host of ['sns.us-east-1', 'sns.ap-southeast-3', 'sns.us-gov-west-1']) {
    assert.equal(
      certificateAddress(`https://${host}.amazonaws.com/a.pem`)?.href,
      `https://${host}.amazonaws.com/a.pem`,
    );
  }
  assert.ok(certificateAddress('https://sns.cn-north-1.amazonaws.com.cn/a.pem'));
  const wrong = [
    'http://sns.us-east-1.amazonaws.com/a.pem',
    'https://sns.us-east-1.amazonaws.com:8443/a.pem',
    'https://sns.us-east-1.amazonaws.com@example.com/a.pem',
    'https://me@sns.us-east-1.amazonaws.com/a.pem',
    'https://sns.us-east-1.amazonaws.com.example.com/a.pem',
    'https://sns.us-east-1.amazonaws.com.cn.example.com/a.pem',
    'https://sns-us-east-1.amazonaws.com/a.pem',
    'https://xsns.us-east-1.amazonaws.com/a.pem',
    'https://a.sns.us-east-1.amazonaws.com/a.pem',
    'https://sns.us-east-1.amazonaws.org/a.pem',
    // Buckets, which anybody may have called "sns".
    'https://sns.s3.amazonaws.com/a.pem',
    'https://sns.s3-us-west-2.amazonaws.com/a.pem',
    'https://sns.s3-website-us-west-2.amazonaws.com/a.pem',
    'https://sns.anything.amazonaws.com/a.pem',
    'https://sns.us-east-1.anything.amazonaws.com/a.pem',
    'https://sns.us-east-1-x.amazonaws.com/a.pem',
    'https://example.com/?sns.us-east-1.amazonaws.com/a.pem',
    'ftp://sns.us-east-1.amazonaws.com/a.pem',
    'file:///etc/a.pem',
    '//sns.us-east-1.amazonaws.com/a.pem',
    '',
  ];
  for (const url of wrong) {
    assert.equal(snsAddress(url), null, url);
    assert.equal(certificateAddress(url), null, url);
  }
  for (const url of [
    'https://sns.us-east-1.amazonaws.com/a.txt',
    'https://sns.us-east-1.amazonaws.com/?a.pem',
    'https://sns.us-east-1.amazonaws.com/a.pem?b',
  ])
    assert.equal(certificateAddress(url), null, url);
});

test('a certificate elsewhere is not fetched', async () => {
  const asked = fetchOf();
  const message = { ...signed(notification), SigningCertURL: 'https://sns.s3-us-west-2.amazonaws.com/mine.pem' };
  assert.equal(await verify(message, { asked }), 'SigningCertURL is not an address of Amazon SNS');
  assert.deepEqual(asked.urls, []);
});

test('a certificate is fetched once, also for messages that come together', async () => {
  const terms = { asked: fetchOf(), source: sesSource() };
  const message = signed(notification);
  assert.deepEqual(await Promise.all([verify(message, terms), verify(message, terms)]), [null, null]);
  assert.equal(await verify(signed({ ...notification, Message: 'Another' }), terms), null);
  assert.deepEqual(terms.asked.urls, [CERTIFICATE_URL]);
});

test('the certificates known are bounded', async () => {
  const { fetch, urls } = fetchOf();
  const certificates = new SnsCertificates();
  const ask = (i: number) => certificates.keyAt(new URL(`https://sns.us-west-2.amazonaws.com/${i}.pem`), fetch);
  for (let i = 0; i <= 32; i++) await ask(i);
  await ask(32);
  assert.equal(urls.length, 33, 'the last is known');
  await ask(0);
  assert.equal(urls.length, 34, 'the first was forgotten');
});

test('a certificate that can not be had for now says nothing of the signature, and is asked for again', async () => {
  const source = sesSource();
  const message = signed(notification);
  const faults = [
    () => new Response('', { status: 503 }),
    () => new Response('', { status: 429 }),
    () => Promise.reject(new TypeError('fetch failed')),
  ];
  for (const fault of faults) await assert.rejects(verify(message, { source, asked: fetchOf(fault) }), Error);
  assert.equal(await verify(message, { source }), null);
});

test('what is no certificate of an RSA key verifies nothing', async () => {
  const answers = [
    () => new Response('', { status: 404 }),
    () => new Response(''),
    () => new Response('<html>'),
    () => new Response(TEST_CERTIFICATE_WITHOUT_RSA),
    () => new Response(null),
  ];
  for (const answer of answers)
    assert.equal(
      await verify(signed(notification), { asked: fetchOf(answer) }),
      'there is no certificate at SigningCertURL',
    );
});

test('of what never ends only the beginning is read', async () => {
  let pulled = 0;
  const pull = (controller: ReadableStreamDefaultController) => {
    controller.enqueue(Buffer.from(`${TEST_CERTIFICATE}\n`));
    pulled += TEST_CERTIFICATE.length;
  };
  const asked = fetchOf(() => new Response(new ReadableStream({ pull })));
  assert.equal(await verify(signed(notification), { asked }), 'there is no certificate at SigningCertURL');
  assert.ok(pulled < 100_000, `${pulled} bytes`);
});

test('what is no whole message is refused', async () => {
  for (const body of ['', '{', 'null', '[]', '7', '{}', { Type: 'Notification', Message: 'raw' }])
    assert.equal(await verify(body), 'this is no message of Amazon SNS');
  for (const name of Object.keys(notification).filter((name) => name !== 'Subject')) {
    assert.equal(
      await verify({ ...signed(notification), [name]: undefined }),
      'this is no message of Amazon SNS',
      name,
    );
    assert.equal(await verify({ ...signed(notification), [name]: {} }), 'this is no message of Amazon SNS', name);
  }
});

test('no mutation of anything that counts is taken', async () => {
  const names = [
    'Message',
    'MessageId',
    'Subject',
    'Timestamp',
    'TopicArn',
    'Type',
    'Signature',
    'SigningCertURL',
  ] as const;
  const terms = {
    source: sesSource(),
    asked: fetchOf((url) => new Response(url === CERTIFICATE_URL ? TEST_CERTIFICATE : '')),
  };
  const right = signed(notification);
  const mutated = fc.oneof(
    ...names.map((name) => mutationOf(String(right[name])).map((text) => ({ ...right, [name]: text }))),
    fc.constantFrom('0', '2', '').map((SignatureVersion) => ({ ...right, SignatureVersion })),
    fc.constant({ ...right, Subject: undefined }),
  );
  // The address of the same certificate, written in another way, changes nothing.
  const counts = ({ SigningCertURL }: Record<keyof SnsMessage | string, unknown>) =>
    SigningCertURL === CERTIFICATE_URL || certificateAddress(String(SigningCertURL))?.href !== CERTIFICATE_URL;
  await fc.assert(
    fc.asyncProperty(mutated.filter(counts), async (message) => {
      assert.notEqual(await verify(message, terms), null);
    }),
    { numRuns: FORGERIES },
  );
});

test('a subscription is confirmed by its address; nothing else asks for anything', async () => {
  const source = sesSource();
  const asked = fetchOf(() => new Response('<ConfirmSubscriptionResponse/>'));
  const answer = (message: unknown, by = asked) => source.answer?.(requestOf(message), { now: NOW, fetch: by.fetch });
  await answer(signed(subscription));
  assert.deepEqual(asked.urls, [snsAddress(SUBSCRIBE_URL)?.href]);
  for (const message of [signed(notification), { ...subscription, Type: 'UnsubscribeConfirmation' }, {}, '', '{'])
    await answer(message);
  assert.equal(asked.urls.length, 1);
});

test('a confirmation that fails is an error, so that SNS asks again, and no other address is called', async () => {
  const source = sesSource();
  const answer = (message: unknown, asked: Asked) =>
    source.answer?.(requestOf(message), { now: NOW, fetch: asked.fetch });
  for (const status of [400, 403, 500])
    await assert.rejects(
      async () =>
        answer(
          subscription,
          fetchOf(() => new Response('', { status })),
        ),
      /SNS answered/,
    );
  await assert.rejects(async () =>
    answer(
      subscription,
      fetchOf(() => Promise.reject(new TypeError('fetch failed'))),
    ),
  );
  for (const SubscribeURL of [
    'https://example.com/',
    'http://sns.us-west-2.amazonaws.com/',
    'https://sns.s3-us-west-2.amazonaws.com/',
    null,
  ]) {
    const asked = fetchOf();
    await assert.rejects(async () => answer({ ...subscription, SubscribeURL }, asked), /not an address of Amazon SNS/);
    assert.deepEqual(asked.urls, []);
  }
});

test('a confirmation by an address of another topic is not made', async () => {
  const asked = fetchOf();
  const SubscribeURL = SUBSCRIBE_URL.replace(TOPIC, `${TOPIC}-other`);
  const message = requestOf({ ...subscription, SubscribeURL });
  await assert.rejects(async () => sesSource().answer?.(message, { now: NOW, fetch: asked.fetch }), /another topic/);
  assert.deepEqual(asked.urls, []);
});

test('redirections are not followed and nobody is waited for without end', async () => {
  const options: RequestInit[] = [];
  const fetch = async (_: unknown, init?: RequestInit) => {
    options.push(init ?? {});
    return new Response(TEST_CERTIFICATE);
  };
  const source = sesSource();
  await source.verify(requestOf(signed(notification)), [TOPIC], { now: NOW, fetch });
  await source.answer?.(requestOf(subscription), { now: NOW, fetch });
  assert.equal(options.length, 2);
  for (const { redirect, signal } of options) {
    assert.equal(redirect, 'error');
    assert.ok(signal instanceof AbortSignal);
  }
});
