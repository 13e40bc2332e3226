// Promise: every request of docs/api.md works, in the order in which it stands there, and is answered as it says.
// With --test-update-snapshots the answers are written anew instead: `node --test-update-snapshots test/graphql/api_docs.test.ts`.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { projectDir } from '../../src/database/server.ts';
import { startInstallation } from '../examples/installation.ts';
import { type Block, blocksOf, stepsOf } from './api_docs/blocks.ts';
import { differences } from './api_docs/compare.ts';
import { Examples } from './api_docs/examples.ts';
import { Reader, type Rewrite } from './api_docs/reader.ts';

const file = join(projectDir, 'docs/api.md');
const rewrites = process.execArgv.includes('--test-update-snapshots');

suite('docs/api.md', async () => {
  const { url, simulator, admin } = await startInstallation();

  test('is what happens', async () => {
    const markdown = await readFile(file, 'utf8');
    const blocks = blocksOf(markdown);
    // What the document can only give examples of: what the first start and the simulator print.
    const examples = new Examples([
      ['the printed password', admin.password],
      ['http://127.0.0.1:5680', simulator.url],
      ['http://127.0.0.1:5678', url],
    ]);
    const rewrite: Rewrite | null = rewrites ? new Map() : null;
    try {
      await new Reader(url, examples, rewrite).follow(blocks);
    } finally {
      if (rewrite !== null) await writeFile(file, rewritten(markdown, rewrite));
    }
  });
});

function rewritten(markdown: string, rewrite: Rewrite): string {
  const lines = markdown.split('\n');
  const last = (block: Block) => block.line + block.text.split('\n').length;
  for (const [block, text] of [...rewrite].sort(([a], [b]) => b.line - a.line))
    lines.splice(block.line, last(block) - block.line, text);
  return lines.join('\n');
}

test('an answer that is another is told by its path', () => {
  const [one, other] = ['0197c1a0-6a5e-7c3b-9d41-5e0f6a1b2c01', '0197c1a0-6a5e-7c3b-9d41-5e0f6a1b2c02'];
  const examples = new Examples();
  const found = (documented: unknown, given: unknown) => differences(documented, given, examples);
  assert.deepEqual(
    found({ id: one, sequence: 1 }, { id: other, sequence: 7 }),
    [],
    'an id and a count of events are examples',
  );
  assert.equal(examples.resolve(`?id=${one}`), `?id=${other}`, 'and the id is meant wherever it stands');
  assert.deepEqual(found({ id: one }, { id: one }), [`id: documented "${other}", given "${one}"`]);
  assert.deepEqual(found({ a: [{ b: 1 }] }, { a: [{ b: 2 }] }), ['a[0].b: documented 1, given 2']);
  assert.deepEqual(found({ a: null }, {}), ['a: documented null, given undefined']);
  assert.deepEqual(found({ sequence: 1 }, { sequence: null }), ['sequence: documented 1, given null']);
  assert.deepEqual(found({ token: 'pst_…' }, { token: 'psr_x' }), ['token: documented "pst_…", given "psr_x"']);
  assert.deepEqual(found({ at: '2030-01-07T09:00:00Z' }, { at: 'soon' }), [
    'at: documented "2030-01-07T09:00:00Z", given "soon"',
  ]);
});

test('a block that would never be run is found', () => {
  const fenced = (info: string) => blocksOf(`Words.\n\n\`\`\`${info}\n{}\n\`\`\``);
  assert.throws(() => stepsOf(fenced('json answer')), /line 3: nothing was asked yet/);
  assert.throws(() => stepsOf([...fenced('graphql'), ...fenced('json')]), /line 3: expected variables/);
});
