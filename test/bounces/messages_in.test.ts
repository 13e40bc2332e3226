// Promise: standard input is taken apart into the messages that were put into it, in bounded memory, wherever its chunks end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MAX_MESSAGE_BYTES, messagesIn } from '../../src/bounces/messages_in.ts';

async function messages(...chunks: string[]): Promise<string[]> {
  const input = async function* () {
    for (const chunk of chunks) yield Buffer.from(chunk, 'latin1');
  };
  const found: string[] = [];
  for await (const message of messagesIn(input())) found.push(message.toString('latin1'));
  return found;
}

const separator = 'From MAILER-DAEMON Tue Jan 14 10:15:30 2025\n';

test('one message is what it is', async () => {
  const message = 'Subject: x\n\nFrom MAILER-DAEMON Tue Jan 14 10:15:30 2025\nis how a line may begin\n';
  assert.deepEqual(await messages(message), [message]);
  assert.deepEqual(await messages(), []);
});

test('an mbox of one or more, with line ends of either kind', async () => {
  assert.deepEqual(await messages(`${separator}Subject: x\n\ny\n`), ['Subject: x\n\ny\n']);
  const both = await messages(`${separator}a: 1\n\nFrom here\n\n${separator}b: 2\n\n`);
  assert.deepEqual(both, ['a: 1\n\nFrom here\n\n', 'b: 2\n\n']);
  const wire = `${separator}a: 1\n\n${separator}b: 2\n\n`.replaceAll('\n', '\r\n');
  assert.deepEqual(await messages(wire), ['a: 1\r\n\r\n', 'b: 2\r\n\r\n']);
});

test('wherever the chunks end', async () => {
  const mbox = `${separator}a: 1\n\nx\n\n${separator}b: 2\n\n${separator}c: 3\n\n`;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: mbox.length })), async (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), mbox.length];
      const chunks = at.slice(1).map((end, number) => mbox.slice(at[number], end));
      assert.deepEqual(await messages(...chunks), ['a: 1\n\nx\n\n', 'b: 2\n\n', 'c: 3\n\n']);
    }),
  );
});

test('a long message, and a long line, are cut short, and the next is whole', async () => {
  const long = `a: 1\n\n${'x'.repeat(5 * MAX_MESSAGE_BYTES)}`;
  const chunks = `${separator}${long}\n\n${separator}b: 2\n\n`.match(/[\s\S]{1,65536}/g) ?? [];
  const [first, second, ...more] = await messages(...chunks);
  assert.equal(first, long.slice(0, MAX_MESSAGE_BYTES));
  assert.equal(second, 'b: 2\n\n');
  assert.equal(more.length, 0);
});
