// Text from outside, made fit to be kept.

/** Ids of mails are kept up to this many bytes, in answers and webhooks alike, so that they still match. */
export const MAX_ID_BYTES = 512;
/** For people to read: a reason, an answer of a server, a user agent. */
export const MAX_TEXT_BYTES = 500;
export const MAX_URL_BYTES = 2_000;

const encoder = new TextEncoder();

/** At most `maxBytes` of UTF-8, without what Postgres refuses in text and jsonb: U+0000 and halves of surrogate pairs. */
export function clip(text: string, maxBytes: number): string {
  const clean = text.replaceAll('\0', '').toWellFormed();
  if (clean.length * 3 <= maxBytes) return clean;
  return clean.slice(0, encoder.encodeInto(clean, new Uint8Array(maxBytes)).read);
}
