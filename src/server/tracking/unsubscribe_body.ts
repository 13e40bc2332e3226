// What a POST to an unsubscribe link asks for. RFC 8058 allows multipart/form-data and application/x-www-form-urlencoded.
import type { IncomingMessage } from 'node:http';
import getRawBody from 'raw-body';
import { formField, formValue } from './page/form.ts';

/** one-click: RFC 8058's body, which a mail program sends because its user asked it to; button: our own page's; other: neither. */
export type UnsubscribeBody = 'one-click' | 'button' | 'other';

/** Either body has some 30 bytes, packed as multipart some 200. */
const maxBody = 10_000;
const urlEncoded = 'application/x-www-form-urlencoded';

/** Reads no more than 10 kB, and never throws: what can't be read is `other`. */
export async function readUnsubscribeBody(request: IncomingMessage): Promise<UnsubscribeBody> {
  try {
    const length = request.headers['content-length'] ?? null;
    return meaningOf(
      await fieldsOf(await getRawBody(request, { limit: maxBody, length }), request.headers['content-type']),
    );
  } catch {
    return 'other';
  }
}

/** A body without a type, or with a wrong one, is taken for the simpler form: some mail programs leave it out. */
function fieldsOf(body: Buffer, type = urlEncoded): Promise<FormData> {
  const isMultipart = /^multipart\/form-data\b/i.test(type);
  return new Response(new Uint8Array(body), {
    headers: { 'content-type': isMultipart ? type : urlEncoded },
  }).formData();
}

function meaningOf(fields: FormData): UnsubscribeBody {
  if (textOf(fields.get('List-Unsubscribe')) === 'One-Click') return 'one-click';
  return textOf(fields.get(formField)) === formValue ? 'button' : 'other';
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value.trim() : null;
}
