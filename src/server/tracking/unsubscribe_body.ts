// What a POST to an unsubscribe link asks for. RFC 8058 allows multipart/form-data and application/x-www-form-urlencoded.
import type { IncomingMessage } from 'node:http';
import getRawBody from 'raw-body';
import { formField, formValue } from './page/form.ts';

/** one-click: RFC 8058's body, which a mail program sends because its user asked it to; button: our own page's; other: neither. */
export type UnsubscribeBody = 'one-click' | 'button' | 'other';

/** Either body has some 30 bytes, packed as multipart some 200. */
const maxBody = 10_000;

/**
 * The part of a multipart body, found by itself. A strict parser would refuse RFC 8058's own example (section 8.3), whose boundary has two
 * hyphens too many (erratum 5117), and whoever copied it; the intent is plain.
 */
const oneClickPart =
  /^content-disposition:[^\r\n]*\bname="?List-Unsubscribe"?[^\r\n]*\r?\n(?:[^\r\n]+\r?\n)*\r?\nOne-Click[ \t]*(?:\r?\n|$)/im;

/** Reads no more than 10 kB, and never throws: what can't be read is `other`. The type is not looked at; some mail programs leave it out. */
export async function readUnsubscribeBody(request: IncomingMessage): Promise<UnsubscribeBody> {
  const length = request.headers['content-length'] ?? null;
  return getRawBody(request, { limit: maxBody, length }).then(
    (body) => meaningOf(body.toString('latin1')),
    () => 'other',
  );
}

function meaningOf(body: string): UnsubscribeBody {
  const fields = new URLSearchParams(body.trim());
  if (fields.get('List-Unsubscribe') === 'One-Click' || oneClickPart.test(body)) return 'one-click';
  return fields.get(formField) === formValue ? 'button' : 'other';
}
