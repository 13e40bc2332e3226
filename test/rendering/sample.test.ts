// Promise: the newsletter the demo sends is a real one: 4 to 6 KB, readable without any attribute, and with working links.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleTemplate } from '../../src/rendering/sample_template.ts';
import { compiled, mail } from './support.ts';

test('it needs nothing a contact may lack', () => {
  const template = compiled(sampleTemplate);
  assert.deepEqual(template.untracked, []);
  assert.deepEqual(
    template.variables.filter(({ hasDefault }) => !hasDefault).map(({ name }) => name),
    ['email'],
  );
  assert.doesNotThrow(() => mail(sampleTemplate));
});

test('it is of the size newsletters have, links and unsubscribes', () => {
  const { subject, html, text, links } = mail(
    sampleTemplate,
    { first_name: 'Ada', city: 'Graz' },
    { trackOpens: true },
  );
  assert.ok(html.length > 4_000 && html.length < 6_500, `${html.length} characters`);
  assert.ok(subject.startsWith('Ada, '));
  assert.equal(links.length, 5);
  for (const part of [html, text]) {
    assert.ok(part.includes('/unsubscribe/'));
    assert.equal(part.match(/\/click\//g)?.length, 5);
  }
  assert.ok(html.includes('/open/'));
});
