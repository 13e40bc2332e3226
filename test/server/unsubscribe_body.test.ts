// Promise: RFC 8058's request is understood as every mail program packs it, and nothing else is taken for it.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { suite, test } from 'node:test';
import { readUnsubscribeBody, type UnsubscribeBody } from '../../src/server/tracking/unsubscribe_body.ts';
import { portOf } from '../simulator/support.ts';

type Body = NonNullable<RequestInit['body']>;

const part = ['Content-Disposition: form-data; name="List-Unsubscribe"', '', 'One-Click'];
const multipart = (...lines: string[]) => lines.join('\r\n');
const form = new FormData();
form.set('List-Unsubscribe', 'One-Click');

const bodies: [string, Body, UnsubscribeBody][] = [
  ['urlencoded', 'List-Unsubscribe=One-Click', 'one-click'],
  ['with an end of line', 'List-Unsubscribe=One-Click\r\n', 'one-click'],
  ['with something else', 'a=b&List-Unsubscribe=One-Click', 'one-click'],
  ['multipart, by a browser’s rules', form, 'one-click'],
  ["RFC 8058's own example", multipart('---FormBoundary', ...part, '---FormBoundary--'), 'one-click'],
  ['with lines of Unix', multipart('--b', ...part, '--b--').replaceAll('\r', ''), 'one-click'],
  ['with a type in the part', multipart('--b', 'Content-Type: text/plain', ...part, '--b--', ''), 'one-click'],
  ['our button', 'unsubscribe=yes', 'button'],
  ['nothing', '', 'other'],
  ['another value', 'List-Unsubscribe=Two-Clicks', 'other'],
  ['another value of a part', multipart('--b', ...part.slice(0, 2), 'One-Click-Not', '--b--'), 'other'],
  ['another part', multipart('--b', 'Content-Disposition: form-data; name="x"', '', 'One-Click', '--b--'), 'other'],
  ['JSON', '{"List-Unsubscribe":"One-Click"}', 'other'],
  ['no text', new Uint8Array([0, 255, 254, 37, 37]), 'other'],
  ['too much', `List-Unsubscribe=One-Click&x=${'x'.repeat(10_000)}`, 'other'],
  ['much that nearly is it', `${part[0]}\n`.repeat(150), 'other'],
];

suite('the body of a POST', () => {
  for (const [name, body, expected] of bodies) {
    test(`${name}: ${expected}`, async () => assert.equal(await meaningOf(body), expected));
  }
});

/** Through HTTP, as it comes. */
async function meaningOf(body: Body): Promise<string> {
  await using server = createServer(async (request, response) => {
    response.setHeader('connection', 'close').end(await readUnsubscribeBody(request));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return (await fetch(`http://127.0.0.1:${portOf(server)}`, { method: 'POST', body })).text();
}
