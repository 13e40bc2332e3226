// Promise: a contact gets the same template however often its batch is resumed, and templates are chosen in proportion to their weights.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { pickTemplate } from '../../src/rendering/pick_template.ts';

test('the same seed picks the same template', () => {
  const weights = fc.array(fc.record({ weight: fc.integer({ min: 1, max: 100 }) }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(weights, fc.uuid(), (templates, seed) => {
      assert.equal(pickTemplate(templates, seed), pickTemplate(templates, seed));
    }),
  );
});

test('shares follow the weights', () => {
  const templates = [
    { name: 'a', weight: 1 },
    { name: 'b', weight: 3 },
    { name: 'c', weight: 6 },
  ];
  const counts: Record<string, number> = { a: 0, b: 0, c: 0 };
  const total = 50_000;
  for (let i = 0; i < total; i++) {
    const { name } = pickTemplate(templates, `0198c4f2-7a4e-7000-8000-${String(i).padStart(12, '0')}`);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  for (const { name, weight } of templates) assert.ok(Math.abs((counts[name] ?? 0) / total - weight / 10) < 0.01, name);
});

test('a template of weight 0 is never picked, and somebody must have a weight', () => {
  const templates = [{ weight: 0 }, { weight: 0.5 }];
  for (let i = 0; i < 100; i++) assert.equal(pickTemplate(templates, String(i)), templates[1]);
  assert.throws(() => pickTemplate([{ weight: 0 }], 'x'), RangeError);
  assert.throws(() => pickTemplate([], 'x'), RangeError);
});
