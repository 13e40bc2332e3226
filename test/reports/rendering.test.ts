// Promise: a report reads well wherever it is shown: 80 columns, Markdown, one HTML file that needs nothing else; and names are never markup.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { displayWidth } from '../../src/commands/ops/lines.ts';
import { describeReport } from '../../src/commands/report/describe_report.ts';
import { composeReport } from '../../src/reports/compose.ts';
import { reportMessage } from '../../src/reports/daily.ts';
import { findingsOf } from '../../src/reports/findings.ts';
import { htmlReport } from '../../src/reports/html.ts';
import { markdownReport } from '../../src/reports/markdown.ts';
import { periodOf } from '../../src/reports/period.ts';
import { aCapacity, aReport, aServiceCapacity, aWarning } from './a_report.ts';

const hostile = '\u001b[31m<img src=x onerror=alert(1)>"\'&|`';
const report = aReport({
  warnings: [{ ...aWarning, service: hostile }],
  capacity: {
    ...aCapacity,
    services: [
      aServiceCapacity,
      { ...aServiceCapacity, name: hostile, freezeReason: `said ${hostile} ${'long '.repeat(30)}` },
    ],
  },
});
const document = composeReport(report);

describe('at the terminal', () => {
  const text = describeReport(document);

  test('no line is wider than 80 columns', () => {
    for (const line of text.split('\n')) assert.ok(displayWidth(line) <= 80, line);
  });

  test('no colour, and nothing that a terminal obeys, where it is no terminal', () => {
    assert.ok(!text.includes('\u001b'));
  });

  test('a bar for each day, the longest for the most', () => {
    const days = text.split('\n').filter((line) => /^\w{3} \d+ Mar /.test(line));
    assert.equal(days.length, 7);
    assert.match(days[6] ?? '', /^Mon 9 Mar +1,506 .* {2}█{14}$/);
    assert.doesNotMatch(days[5] ?? '', /█/);
  });
});

describe('as Markdown', () => {
  const text = markdownReport(document);

  test('every table has as many cells in each row', () => {
    const cells = (line: string) => line.replaceAll(/\\./g, '').split('|').length;
    let expected = 0;
    for (const line of text.split('\n')) {
      if (!line.startsWith('|')) expected = 0;
      else expected ||= cells(line);
      if (expected > 0) assert.equal(cells(line), expected, line);
    }
  });

  test('a name is no markup', () => {
    assert.match(text, /Spring \\<news\\> \\& more/);
    assert.doesNotMatch(text, /[^\\]<img/);
  });
});

describe('as HTML', () => {
  const html = htmlReport(document);

  test('nothing is run or fetched', () => {
    assert.doesNotMatch(html, /<script|<img|<link[^>]+(?<!href="data:,")>| on\w+="|url\(|@import/i);
    assert.match(html, /Content-Security-Policy" content="default-src 'none'/);
    assert.match(html, /&lt;img src=x/);
  });

  test('every chart says what it is to those who do not see it, and has its table', () => {
    const charts = [...html.matchAll(/<svg [^>]*aria-labelledby="([\w-]+) ([\w-]+)"[\s\S]*?<\/svg>/g)];
    assert.equal(charts.length, 3);
    for (const [chart, title, desc] of charts) {
      assert.match(chart, new RegExp(`<title id="${title}">[^<]+</title><desc id="${desc}">[^<]+</desc>`));
      assert.doesNotMatch(chart, /NaN|undefined|Infinity/);
    }
    for (const [section] of html.matchAll(/<section>[\s\S]*?<\/section>/g))
      assert.match(section, /<table role="table">/);
  });

  test('ids are unique', () => {
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    assert.equal(new Set(ids).size, ids.length);
  });

  test('nothing sent is drawn as nothing', () => {
    const empty = htmlReport(composeReport(aReport({ now: null, before: null, points: [] })));
    assert.doesNotMatch(empty, /NaN|undefined/);
    assert.match(empty, /Nothing was sent\./);
  });

  test('a year of days, and a single one', () => {
    const [point] = report.points;
    assert.ok(point);
    const year = Array.from({ length: 366 }, (_, n) => ({
      ...point,
      at: new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 16),
    }));
    for (const points of [year, [point]])
      assert.doesNotMatch(htmlReport(composeReport(aReport({ points }))), /NaN|undefined/);
  });
});

test('the message of a day says in its subject whether it must be read', () => {
  const message = reportMessage({ report, findings: findingsOf(report) });
  assert.equal(message.subject, 'Postilion: Tue 3 Mar to Mon 9 Mar 2026: 1 to look at');
  assert.match(message.text, /^# Postilion/);
  assert.match(message.html, /^<!doctype html>/);
  assert.match(reportMessage({ report, findings: [] }).subject, /: nothing to look at$/);
});

describe('which days', () => {
  const today = '2026-03-01';
  const whole = {
    day: ['2026-02-28', '2026-02-28'],
    week: ['2026-02-22', '2026-02-28'],
    month: ['2026-01-30', '2026-02-28'],
  } as const;
  for (const span of ['day', 'week', 'month'] as const)
    test(`a ${span} up to yesterday`, () => {
      const [from, to] = whole[span];
      assert.deepEqual(periodOf({ span }, today), { from, to });
    });

  test('from a day to yesterday, or to itself', () => {
    assert.deepEqual(periodOf({ span: 'week', from: '2026-02-10' }, today), { from: '2026-02-10', to: '2026-02-28' });
    assert.deepEqual(periodOf({ span: 'week', from: today }, today), { from: today, to: today });
  });

  test('so many up to a day', () => {
    assert.deepEqual(periodOf({ span: 'week', to: '2026-01-07' }, today), { from: '2026-01-01', to: '2026-01-07' });
  });

  test('an end before the beginning is named', () => {
    assert.throws(() => periodOf({ span: 'day', from: '2026-02-02', to: '2026-02-01' }, today), /^ConfigError: --to: /);
  });
});
