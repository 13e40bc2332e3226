// Promise: of an SPF record it is said whether receivers can use it and whether it names the service; what could not be asked is never called missing.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Answer } from '../../src/domains/answer.ts';
import { judgeSpf } from '../../src/domains/spf.ts';
import { parseSpf } from '../../src/domains/spf_record.ts';

const domain = 'mail.example.com';

type Given = Record<string, string | readonly string[] | { why: string }>;

function judged(records: Given, include: string | null = null) {
  const answers = Object.entries(records).map(([name, given]): [string, Answer<string>] => {
    if (typeof given === 'object' && 'why' in given) return [name, { state: 'unknown', why: given.why }];
    const texts = typeof given === 'string' ? [given] : given;
    return [name, texts.length === 0 ? { state: 'none' } : { state: 'found', records: texts }];
  });
  return judgeSpf(domain, new Map(answers), include);
}

/** "state says remedy" of each finding. */
const said = (records: Given, include: string | null = null) =>
  judged(records, include).map(({ state, says, remedy }) => `${state} ${says} ${remedy}`.trim());

test('a record that is well, with the look-ups it takes', () => {
  assert.deepEqual(said({ [domain]: ['something else', 'v=spf1 mx ip4:192.0.2.0/24 a:www.example.com/28 -all'] }), [
    'ok "v=spf1 mx ip4:192.0.2.0/24 a:www.example.com/28 -all", with 2 of 10 look-ups.',
  ]);
  assert.equal(
    judged({ [domain]: 'V=SPF1 include:a.example ~ALL', 'a.example': 'v=spf1 exists:%{i}.a.example -all' })[0]?.state,
    'ok',
  );
});

describe('there is', () => {
  test('none: the record to add names what the service needs', () => {
    assert.deepEqual(said({ [domain]: ['v=spf10 -all'] }, 'spf.provider.example'), [
      'bad There is no SPF record. Add the TXT record: mail.example.com "v=spf1 include:spf.provider.example ~all".',
    ]);
    assert.match(said({ [domain]: [] })[0] ?? '', /^bad There is no SPF record/);
  });

  test('more than one', () => {
    const [finding] = said({ [domain]: ['v=spf1 mx -all', 'v=spf1 a -all'] });
    assert.match(finding ?? '', /^bad There are 2 SPF records.*"v=spf1 mx -all" and "v=spf1 a -all"/);
  });

  test('nothing known', () => {
    assert.match(
      said({ [domain]: { why: 'no name server answered in time' } })[0] ?? '',
      /^unknown The TXT records of mail\.example\.com could not be asked: no name server answered in time\./,
    );
  });
});

describe('what no receiver understands', () => {
  for (const term of [
    'ipv4:192.0.2.1',
    'include',
    'ip4',
    'all:x',
    'a:',
    'include:a.example,b.example!',
    '~',
    'redirect=a redirect=b',
  ])
    test(term, () => {
      const [finding] = judged({ [domain]: `v=spf1 ${term} mx -all`, 'a.example,b.example!': 'v=spf1 -all' });
      if (term.startsWith('include:')) assert.equal(finding?.state, 'ok', 'a name is what follows the colon');
      else assert.match(finding?.says ?? '', /what no receiver understands/);
    });

  test('another modifier is left to others', () => {
    assert.equal(judged({ [domain]: 'v=spf1 ra=postmaster exp=why.example.com -all' })[0]?.state, 'ok');
  });
});

describe('look-ups', () => {
  const many = (count: number, end = '-all') =>
    `v=spf1 ${Array.from({ length: count }, (_, n) => `a:h${n}.example`).join(' ')} ${end}`;

  test('ten are well, eleven are not', () => {
    assert.equal(judged({ [domain]: many(10) })[0]?.state, 'ok');
    assert.match(said({ [domain]: many(11) })[0] ?? '', /^bad The SPF record takes 11 look-ups, its includes counted/);
  });

  test('those of includes and of a redirect count', () => {
    const records = {
      [domain]: 'v=spf1 include:a.example redirect=b.example',
      'a.example': many(4),
      'b.example': many(4),
    };
    assert.match(said(records)[0] ?? '', /with 10 of 10/);
    assert.match(said({ ...records, 'b.example': many(5) })[0] ?? '', /^bad The SPF record takes 11/);
  });

  test('what is behind the end does not', () => {
    assert.match(said({ [domain]: `v=spf1 mx -all ${'a '.repeat(20)}redirect=b.example` })[0] ?? '', /with 1 of 10/);
  });

  test('records that include each other again and again are not walked for ever', () => {
    const names = Array.from({ length: 30 }, (_, n) => `n${n}.example`);
    const web = names.map((name, n) => [name, `v=spf1 ${`include:n${n + 1}.example `.repeat(2)}-all`] as const);
    const [finding] = said({ [domain]: 'v=spf1 include:n0.example -all', ...Object.fromEntries(web) });
    assert.match(finding ?? '', /^bad The SPF record takes over 50 look-ups/);
  });
});

describe('an include', () => {
  test('without a record, or that leads back, spoils the whole', () => {
    assert.match(
      said({ [domain]: 'v=spf1 include:a.example -all', 'a.example': [] })[0] ?? '',
      /^bad .*: a\.example has no SPF record\./,
    );
    assert.match(
      said({ [domain]: 'v=spf1 include:a.example -all', 'a.example': `v=spf1 include:${domain} -all` })[0] ?? '',
      /^bad .*: mail\.example\.com includes itself\./,
    );
  });

  test('that could not be asked is no fault of the record', () => {
    const findings = judged(
      { [domain]: 'v=spf1 include:a.example -all', 'a.example': { why: 'SERVFAIL' } },
      'deep.example',
    );
    assert.deepEqual(
      findings.map(({ state }) => state),
      ['bad', 'unknown'],
    );
    const asked = judged({ [domain]: 'v=spf1 include:a.example -all', 'a.example': { why: 'SERVFAIL' } }, 'a.example');
    assert.deepEqual(
      asked.map(({ state }) => state),
      ['unknown'],
    );
  });

  test('that the service needs may be anywhere; where it is not, the record is told as it should be', () => {
    const within = {
      [domain]: 'v=spf1 include:a.example ~all',
      'a.example': 'v=spf1 include:Spf.Provider.example -all',
      'spf.provider.example': 'v=spf1 -all',
    };
    assert.equal(judged(within, 'spf.provider.example')[0]?.state, 'ok');
    assert.deepEqual(said({ [domain]: 'v=spf1 mx ?all' }, 'p.example'), [
      'warning The SPF record ends in ?all: it says nothing of who else sends. End it in ~all or -all.',
      'bad The SPF record does not include p.example, by which this service sends. Change the TXT record to "v=spf1 mx include:p.example ?all".',
    ]);
    assert.match(
      said({ [domain]: 'v=spf1 redirect=b.example', 'b.example': 'v=spf1 -all' }, 'p.example')[0] ?? '',
      /"v=spf1 include:p\.example redirect=b\.example"/,
    );
  });
});

describe('the end', () => {
  const endings: [end: string, state: string][] = [
    ['-all', 'ok'],
    ['~all', 'ok'],
    ['?all', 'warning'],
    ['mx', 'warning'],
    ['+all', 'bad'],
    ['all', 'bad'],
    ['redirect=b.example', 'ok'],
    ['redirect=c.example', 'bad'],
  ];
  for (const [end, state] of endings)
    test(`${end}: ${state}`, () => {
      const records = { [domain]: `v=spf1 a ${end}`, 'b.example': 'v=spf1 -all', 'c.example': 'v=spf1 +all' };
      assert.equal(judged(records)[0]?.state, state);
    });
});

test('whatever a record holds, it is judged, and what is told is fit for a terminal', () => {
  const term = fc.oneof(
    fc.constantFrom(
      'mx',
      'a',
      '-all',
      '~all',
      'include:x.example',
      'redirect=x.example',
      'ip4:192.0.2.1/24',
      'a//64',
      'include:mail.example.com',
    ),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(fc.array(term), fc.array(term), (own, other) => {
      const findings = judged(
        { [domain]: `v=spf1 ${own.join(' ')}`, 'x.example': `v=spf1 ${other.join(' ')}` },
        'x.example',
      );
      assert.ok(findings.length > 0);
      for (const { says, remedy } of findings) assert.doesNotMatch(says + remedy, /\p{Cc}/u);
    }),
  );
});

test('a long term does not take long to read', () => {
  assert.equal(parseSpf(`v=spf1 a:${'/'.repeat(60_000)}\t -all`).faults.length, 1);
});
