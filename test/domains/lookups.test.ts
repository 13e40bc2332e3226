// Promise: over a real name server each fault is told as what it is; temporary ones are "could not be asked", never "missing".
import assert from 'node:assert/strict';
import { Resolver } from 'node:dns/promises';
import { after, before, describe, test } from 'node:test';
import { examineDomain, type SendingDomain } from '../../src/domains/examine_domain.ts';
import type { Finding } from '../../src/domains/finding.ts';
import { lookupsBy } from '../../src/domains/lookups.ts';
import { openResolver } from '../../src/domains/resolver.ts';
import { eventually } from '../support/eventually.ts';
import { DnsServer, type Zone } from './dns_server.ts';
import { rsaRecord } from './keys.ts';

let server: DnsServer;
before(async () => {
  server = await DnsServer.start();
});
after(() => server.close());

const sending: SendingDomain = {
  domain: 'mail.example.com',
  provider: 'smtp',
  dkimSelector: 's1',
  spfInclude: 'spf.provider.example',
  bounceAddress: 'bounces@bounce.example.com',
  trackingBaseUrl: 'https://links.example.com',
};

const whole: Zone = {
  'mail.example.com': { TXT: ['v=spf1 include:spf.provider.example ~all'] },
  'bounce.example.com': { TXT: ['v=spf1 include:spf.provider.example ~all'], MX: [[10, 'mx.example.com']] },
  'spf.provider.example': { TXT: ['v=spf1 include:more.provider.example -all'] },
  'more.provider.example': { TXT: ['v=spf1 ip4:192.0.2.0/24 -all'] },
  's1._domainkey.mail.example.com': { CNAME: 's1.dkim.provider.example' },
  's1.dkim.provider.example': { TXT: [rsaRecord(2048)] },
  '_dmarc.example.com': { TXT: ['v=DMARC1; p=quarantine; rua=mailto:dmarc@example.com'] },
  'links.example.com': { CNAME: 'app.example.net' },
  'app.example.net': { AAAA: ['2001:db8::1'] },
};

async function look(zone: Zone, timeoutMs = 2_000): Promise<Finding[]> {
  server.zone = zone;
  server.asked.length = 0;
  return examineDomain(sending, lookupsBy(openResolver({ servers: [server.address], timeoutMs })));
}

const told = (findings: readonly Finding[]) => findings.map(({ subject, state }) => `${subject} ${state}`);
const wholeTold = ['spf ok', 'spf ok', 'dkim ok', 'dmarc ok', 'return_path ok', 'tracking ok'];

test('a domain with everything: by aliases, includes and the policy above', async () => {
  const findings = await look(whole);
  assert.deepEqual(told(findings), wholeTold);
  assert.match(findings[0]?.says ?? '', /with 2 of 10 look-ups/);
  const once = server.asked.filter((asked) => asked === 'TXT spf.provider.example');
  assert.equal(once.length, 1, 'what both records include is asked for once');
});

test('an answer too long for UDP is asked for again over TCP', async () => {
  const before = server.overTcp;
  const padding = Array.from({ length: 40 }, (_, n) => `verification-of-something=${n}`.padEnd(100, 'x'));
  const findings = await look({
    ...whole,
    'mail.example.com': { TXT: [...padding, 'v=spf1 include:spf.provider.example ~all'] },
  });
  assert.deepEqual(told(findings), wholeTold);
  assert.ok(server.overTcp > before);
});

test('nothing is there: each is named with what to add', async () => {
  const findings = await look({});
  assert.deepEqual(told(findings), ['spf bad', 'spf bad', 'dkim bad', 'dmarc bad', 'return_path bad', 'tracking bad']);
  for (const { remedy } of findings) assert.match(remedy, /^Add /);
});

for (const fault of ['servfail', 'refused'] as const)
  test(`${fault}: could not be asked`, async () => {
    const zone = Object.fromEntries(
      [...Object.keys(whole), '_dmarc.mail.example.com'].map((name) => [name, fault] as const),
    );
    const findings = await look(zone);
    assert.deepEqual(new Set(findings.map(({ state }) => state)), new Set(['unknown']));
    for (const { says } of findings) assert.match(says, new RegExp(`could not be asked: .*${fault.toUpperCase()}`));
  });

test('a name server that does not answer: could not be asked', async () => {
  const zone: Zone = { ...whole, '_dmarc.mail.example.com': 'silent', 'spf.provider.example': 'silent' };
  const findings = await look(zone, 50);
  assert.deepEqual(told(findings), [
    'spf unknown',
    'spf unknown',
    'dkim ok',
    'dmarc unknown',
    'return_path ok',
    'tracking ok',
  ]);
  assert.match(
    findings[0]?.says ?? '',
    /spf\.provider\.example, which it includes, could not be asked: no name server answered in time/,
  );
});

test('none that can be reached: could not be asked', async () => {
  const gone = await DnsServer.start();
  const { address } = gone;
  await gone.close();
  const findings = await examineDomain(sending, lookupsBy(openResolver({ servers: [address], timeoutMs: 50 })));
  assert.deepEqual(new Set(findings.map(({ state }) => state)), new Set(['unknown']));
});

describe('what the look costs', () => {
  test('a service that has said little is asked little of', async () => {
    server.zone = {
      'example.org': { TXT: ['v=spf1 mx -all'], MX: [[0, 'mx.example.org']] },
      '_dmarc.example.org': { TXT: ['v=DMARC1; p=none'] },
    };
    server.asked.length = 0;
    const little = {
      ...sending,
      domain: 'example.org',
      provider: 'engagelab',
      dkimSelector: null,
      spfInclude: null,
      bounceAddress: null,
      trackingBaseUrl: null,
    };
    const findings = await examineDomain(little, lookupsBy(openResolver({ servers: [server.address] })));
    assert.deepEqual(told(findings), ['spf ok', 'dkim warning', 'dmarc ok', 'return_path ok']);
    assert.deepEqual(server.asked.toSorted(), [
      'A example.org',
      'AAAA example.org',
      'MX example.org',
      'TXT _dmarc.example.org',
      'TXT example.org',
    ]);
  });

  test('a record that refers to ever more of them is not followed for ever', async () => {
    const names = Array.from({ length: 200 }, (_, n) => `n${n}.example`);
    server.zone = Object.fromEntries(
      names.map((name, n) => [name, { TXT: [`v=spf1 include:n${n + 1}.example -all`] }] as const),
    );
    server.asked.length = 0;
    const resolver = openResolver({ servers: [server.address] });
    const [finding] = await examineDomain(
      { ...sending, domain: 'n0.example', bounceAddress: null },
      lookupsBy(resolver),
    );
    assert.equal(finding?.state, 'bad');
    assert.ok(server.asked.filter((asked) => asked.startsWith('TXT n')).length <= 31);
  });
});

test('asked to end, it breaks off what is under way', async () => {
  server.zone = { 'slow.example': 'silent' };
  server.asked.length = 0;
  const stopping = new AbortController();
  const answer = lookupsBy(
    openResolver({ servers: [server.address], stopping: stopping.signal, timeoutMs: 60_000 }),
  ).txt('slow.example');
  await eventually(
    async () => server.asked,
    (asked) => asked.includes('TXT slow.example'),
  );
  stopping.abort();
  assert.deepEqual(await answer, { state: 'unknown', why: 'the look was broken off' });
});

test('without servers of its own it asks those of this machine', () => {
  assert.deepEqual(openResolver({ servers: [] }).getServers(), new Resolver().getServers());
});
