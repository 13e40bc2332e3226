// Promise: a report says what the numbers bear and no more, in order, in plain words, with what to do.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Report } from '../../src/database/reports/report.ts';
import { findingsOf } from '../../src/reports/findings.ts';
import { differs, successRate } from '../../src/reports/rates.ts';
import { change, number, percent, points, span } from '../../src/reports/words.ts';
import { aCapacity, aReport, aServiceCapacity, aWarning, usual } from './a_report.ts';

const texts = (report: Report) => findingsOf(report).map(({ text }) => text);
const bad = (report: Report) => findingsOf(report).filter(({ tone }) => tone === 'bad');

describe('what is said', () => {
  test('of a week as the one before: two sentences, nothing bad', () => {
    assert.deepEqual(texts(aReport()), [
      '10,000 mails were sent, about as many as in the 7 days before.',
      '98.5 % were taken and did not bounce, as before (98.5 %).',
    ]);
    assert.deepEqual(bad(aReport()), []);
  });

  test('of nothing', () => {
    assert.deepEqual(texts(aReport({ now: null })), ['Nothing was sent. In the 7 days before: 10,000 mails.']);
    assert.deepEqual(texts(aReport({ now: null, before: null })), ['Nothing was sent.']);
  });

  test('of a first week: nothing is compared', () => {
    assert.deepEqual(texts(aReport({ before: null })), [
      '10,000 mails were sent.',
      '98.5 % were taken and did not bounce.',
    ]);
  });

  test('few mails are told, not judged', () => {
    const few = { ...usual, sent: 20, failed: 10, bounced: 5, hardBounced: 5, complained: 5 };
    assert.deepEqual(bad(aReport({ now: few, before: usual })), []);
  });

  test('a fall: by how much, by whom, where, and why it matters', () => {
    const now = { ...usual, failed: 900 };
    const [, fall] = texts(aReport({ now }));
    assert.equal(
      fall,
      '90.8 % were taken and did not bounce, −7.7 points against 98.5 % before. Most of it is by north (−7.7 points), and at mail.example (−7.7 points). Under 95 % mailbox providers begin to distrust a sender.',
    );
    assert.equal(bad(aReport({ now })).length, 1);
  });

  test('a rise is good, and blames nobody', () => {
    const [, rise] = findingsOf(aReport({ before: { ...usual, failed: 400 } }));
    assert.equal(rise?.tone, 'good');
    assert.doesNotMatch(rise?.text ?? '', /Most of it/);
  });

  test('volume, when it changed', () => {
    assert.match(
      texts(aReport({ before: { ...usual, sent: 5_000 } }))[0] ?? '',
      /sent, \+100 % against the 7 days before \(5,000\)/,
    );
  });

  test('hard bounces over 5 %, complaints from 0.1 % on', () => {
    const now = { ...usual, hardBounced: 600, bounced: 620, complained: 12 };
    const found = bad(aReport({ now, before: now })).map(({ text }) => text);
    assert.match(found.join('\n'), /^6\.0 % bounced for good .*Clean the list/m);
    assert.match(found.join('\n'), /^0\.12 % called it spam \(12 mails\)\. Gmail wants less than 0\.1 %/m);
    assert.doesNotMatch(found.join('\n'), /pause/);
    const grave = { ...usual, complained: 40 };
    assert.match(texts(aReport({ now: grave })).join('\n'), /pause what goes to these readers/);
  });

  test('a service out of its band: how often, by how much, when, in the zone of the report', () => {
    assert.deepEqual(
      bad(aReport({ warnings: [aWarning] })).map(({ text }) => text),
      [
        'north refuses more than it usually does: in 5 of 20 hours it was over 2.0 % (usual: 0.50 %), and still does. Worst: 10.0 % of 400 mails in the hour from 9 Mar, 14:00. Look at what it answers (postilion diagnose) before the next Task.',
      ],
    );
    const slow = { ...aWarning, what: 'latency' as const, usual: 120, bound: 180, worst: 2_400, lastIsOut: false };
    assert.match(
      texts(aReport({ warnings: [slow] })).join('\n'),
      /over 180 ms \(usual: 120 ms\), but no more in the last hour\. Worst: 2\.4 s/,
    );
  });

  test('what waits, until when, and what would be faster', () => {
    const capacity = {
      ...aCapacity,
      services: [aServiceCapacity, { ...aServiceCapacity, name: 'west', freezeReason: 'no balance' }],
      waiting: 50_000,
      tasks: 2,
      finishesAt: '2026-03-15T18:00:00Z',
      ways: [
        { kind: 'service' as const, service: 'north', savesMs: 3 * 86_400_000 },
        { kind: 'quota' as const, service: 'north', savesMs: 7_200_000 },
      ],
    };
    assert.deepEqual(texts(aReport({ capacity })).slice(2), [
      '50,000 mails of 2 Tasks wait; the last goes in 6 days (15 Mar, 19:00), at up to 8,640 mails a day.',
      'Another service like north would save 3 days; lifting the quota of north 2 h 00.',
    ]);
    assert.match(
      texts(aReport({ capacity: { ...capacity, finishesAt: null } })).join('\n'),
      /over 400 days: add a service, or raise a quota/,
    );
  });

  test('Tasks that no service may send, hand-overs in doubt, hours that are not closed', () => {
    const capacity = { ...aCapacity, blocked: ['spring', 'summer'] };
    assert.match(texts(aReport({ capacity })).join('\n'), /No service may send spring and summer: postilion diagnose/);
    assert.match(texts(aReport({ now: { ...usual, uncertain: 3 } })).join('\n'), /3 hand-overs ended in doubt/);
    assert.match(
      texts(aReport({ isWhole: false, until: '2026-03-09T12:00:00Z' })).join('\n'),
      /It goes to 9 Mar, 13:00, where/,
    );
  });
});

test('a success rate is of what was decided, and never below nought', () => {
  assert.equal(successRate({ sent: 90, failed: 10, bounced: 5 }), 0.85);
  assert.equal(successRate({ sent: 0, failed: 0, bounced: 0 }), null);
  assert.equal(successRate({ sent: 1, failed: 0, bounced: 3 }), 0);
});

test('chance is no change', () => {
  assert.equal(differs(3, 100, 1, 100), false);
  assert.equal(differs(300, 10_000, 100, 10_000), true);
  assert.equal(differs(0, 100, 0, 100), false);
  assert.equal(differs(5, 0, 5, 100), false);
});

test('numbers as people read them', () => {
  assert.equal(number(1_234_567), '1,234,567');
  assert.deepEqual([0, 0.0012, 0.0123, 0.999, 1, null].map(percent), [
    '0 %',
    '0.12 %',
    '1.2 %',
    '99.9 %',
    '100 %',
    '–',
  ]);
  assert.deepEqual([0.01234, -0.5, 0.0001].map(points), ['+1.2', '−50.0', '±0']);
  assert.deepEqual([change(3, 2), change(2, 2), change(1, 0)], ['+50 %', '±0 %', null]);
  assert.deepEqual([840, 2_400, 42_000, 360_000, 11_400_000, 400_000_000].map(span), [
    '840 ms',
    '2.4 s',
    '42 s',
    '6 min',
    '3 h 10',
    '5 days',
  ]);
});
