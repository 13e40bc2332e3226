// Promise: of DKIM, DMARC, the way of bounces and the host of links it is said in words what is missing and what to add; what could not be asked is never called missing.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Answer } from '../../src/domains/answer.ts';
import { dkimName, judgeDkim } from '../../src/domains/dkim.ts';
import { dmarcDomains, judgeDmarc } from '../../src/domains/dmarc.ts';
import { judgeReturnPath } from '../../src/domains/return_path.ts';
import { judgeTracking, trackingHost } from '../../src/domains/tracking_host.ts';
import { ed25519Record, pkcs1Record, rsaRecord } from './keys.ts';

const none = { state: 'none' } as const;
const unknown = { state: 'unknown', why: 'no name server answered in time' } as const;
const found = <Data>(...records: Data[]): Answer<Data> => ({ state: 'found', records });

describe('DKIM', () => {
  const judged = (answer: Answer<string>) => judgeDkim('s1._domainkey.example.com', answer);
  const states = (record: string) => judged(found(record)).map(({ state }) => state);

  test('a good key: RSA from 2048 bits on, in either form, or Ed25519', () => {
    assert.deepEqual(
      judged(found(rsaRecord(2048))).map(({ says }) => says),
      ['An RSA key of 2048 bits.'],
    );
    assert.deepEqual(states(pkcs1Record(2048)), ['ok']);
    assert.deepEqual(states(ed25519Record()), ['ok']);
  });

  test('a short one is told, a shorter one refused', () => {
    assert.match(judged(found(rsaRecord(1024)))[0]?.says ?? '', /has 1024 bits; 2048 are advised/);
    assert.deepEqual(states(rsaRecord(1024)), ['warning']);
    assert.deepEqual(states(rsaRecord(768)), ['bad']);
  });

  const bad: [what: string, record: string, says: RegExp][] = [
    ['revoked', 'v=DKIM1; p=', /revoked/],
    ['cut off', rsaRecord(2048).slice(0, 200), /can not be read/],
    ['of a kind unknown', 'v=DKIM1; k=dsa; p=AAAA', /do not know: dsa/],
    ['of another version', 'v=DKIM2; p=AAAA', /no DKIM key/],
    ['something else', 'hello', /no DKIM key/],
    ['half an Ed25519 key', 'k=ed25519; p=AAAA', /Ed25519 key can not be read/],
  ];
  for (const [what, record, says] of bad)
    test(what, () => {
      const [finding] = judged(found(record));
      assert.equal(finding?.state, 'bad');
      assert.match(finding?.says ?? '', says);
    });

  test('being tried (t=y) is told', () => {
    assert.deepEqual(states(`${rsaRecord(2048)}; t=s:y`), ['ok', 'warning']);
  });

  test('missing, twice, or not to be asked', () => {
    assert.match(judged(none)[0]?.remedy ?? '', /s1\._domainkey\.example\.com/);
    assert.equal(judged(found('p=', 'p='))[0]?.state, 'bad');
    assert.equal(judged(unknown)[0]?.state, 'unknown');
  });

  test('its name', () => {
    assert.equal(dkimName('S1', 'example.com'), 's1._domainkey.example.com');
  });
});

describe('DMARC', () => {
  const at = (domain: string, answer: Answer<string>) => ({ domain, answer });
  const judged = (answer: Answer<string>, bounces: string | null = null) =>
    judgeDmarc('mail.example.com', [at('mail.example.com', answer)], bounces);

  test('its own policy, or the one above', () => {
    assert.equal(judged(found('v=DMARC1; p=reject; rua=mailto:d@example.com'))[0]?.says, 'The policy is reject.');
    const above = (record: string) =>
      judgeDmarc('mail.example.com', [at('mail.example.com', none), at('example.com', found(record))], null)[0]?.says;
    assert.equal(above('v=DMARC1;p=reject'), 'The policy, of example.com is reject; nobody gets reports.');
    assert.match(above('v=DMARC1; p=reject; sp=none') ?? '', /is none: receivers watch, and reject nothing/);
  });

  test('none, several, or one without a policy', () => {
    assert.match(
      judged(found('v=spf1 -all'))[0]?.remedy ?? '',
      /^Add the TXT record: _dmarc\.mail\.example\.com "v=DMARC1; p=none"/,
    );
    assert.equal(judged(found('v=DMARC1; p=none', 'v=DMARC1; p=reject'))[0]?.state, 'bad');
    for (const record of ['v=DMARC1', 'v=DMARC1; p=maybe', 'v=DMARC1; p=none; p=reject', 'v=DMARC1; nonsense'])
      assert.equal(judged(found(record))[0]?.state, 'bad', record);
  });

  test('what could not be asked is not missing, be there a policy above or not', () => {
    const findings = judgeDmarc('mail.example.com', [at('mail.example.com', none), at('example.com', unknown)], null);
    assert.deepEqual(
      findings.map(({ state }) => state),
      ['unknown'],
    );
  });

  test('bounces to another domain do not count for SPF', () => {
    const states = (bounces: string, record: string) => judged(found(record), bounces).map(({ state }) => state);
    assert.deepEqual(states('mail.example.com', 'v=DMARC1; p=none; aspf=s'), ['ok']);
    assert.deepEqual(states('bounces.mail.example.com', 'v=DMARC1; p=none'), ['ok']);
    assert.deepEqual(states('example.com', 'v=DMARC1; p=none'), ['ok']);
    assert.deepEqual(states('bounces.mail.example.com', 'v=DMARC1; p=none; aspf=s'), ['ok', 'warning']);
    assert.deepEqual(states('elsewhere.example', 'v=DMARC1; p=none'), ['ok', 'warning']);
    const above = [at('mail.example.com', none), at('example.com', found('v=DMARC1; p=none'))];
    assert.equal(judgeDmarc('mail.example.com', above, 'bounces.example.com').length, 1);
  });

  test('where it is looked for: upwards, and not in the public suffix alone', () => {
    assert.deepEqual(dmarcDomains('a.mail.example.com'), ['a.mail.example.com', 'mail.example.com', 'example.com']);
    assert.deepEqual(dmarcDomains('localhost'), ['localhost']);
    const deep = dmarcDomains(`${'x.'.repeat(100)}example.com`);
    assert.equal(deep.length, 7);
    assert.equal(deep.at(-1), 'example.com');
  });
});

describe('the way of bounces', () => {
  const mx = found({ exchange: 'mx2.example.com', priority: 20 }, { exchange: 'mx1.example.com', priority: 10 });
  const judged = (exchanges: Parameters<typeof judgeReturnPath>[1], addresses: Answer<string> = none, bounces = true) =>
    judgeReturnPath('example.com', exchanges, addresses, bounces);

  test('an MX record, or in its place an address', () => {
    assert.equal(judged(mx).says, 'Bounces and complaints go to mx1.example.com, mx2.example.com.');
    assert.equal(judged(none, found('192.0.2.1')).state, 'warning');
  });

  test('neither, or one that takes no mail: bounces are lost, answers should not be', () => {
    for (const exchanges of [none, found({ exchange: '', priority: 0 })]) {
      assert.equal(judged(exchanges).state, 'bad');
      assert.equal(judged(exchanges, none, false).state, 'warning');
    }
    assert.equal(judged(none).remedy, 'Add the MX record: example.com 10 <the host that takes its mail>.');
  });

  test('not to be asked', () => {
    assert.equal(judged(unknown).state, 'unknown');
    assert.equal(judged(none, unknown).state, 'unknown');
  });
});

describe('the host of links', () => {
  test('there, not there, or leading nowhere', () => {
    const judged = (addresses: Answer<string>, alias: Answer<string> = none) =>
      judgeTracking('links.example.com', addresses, alias);
    assert.equal(
      judged(found('192.0.2.1'), found('app.example.net')).says,
      'Links lead to 192.0.2.1 by app.example.net.',
    );
    assert.match(judged(none).remedy, /^Add a CNAME record: links\.example\.com/);
    assert.match(
      judged(none, found('gone.example.net')).says,
      /another name for gone\.example\.net, which has no address/,
    );
    assert.equal(judged(unknown).state, 'unknown');
  });

  test('a name, not an address', () => {
    assert.equal(trackingHost('https://Links.Example.com:8443/x'), 'links.example.com');
    assert.equal(trackingHost('http://192.0.2.1'), null);
    assert.equal(trackingHost('http://[2001:db8::1]:80'), null);
  });
});
