// Reports as servers write them (messages/: the examples of RFC 3464 and RFC 5965, and the documented forms of well-known servers), addressed to
// a return path of ours.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordingOf } from '../../src/bounces/inbox.ts';
import { bounceMail } from '../../src/providers/bounce_mail.ts';
import type { MailEvent } from '../../src/providers/webhook_source.ts';
import { returnPathOf } from '../../src/rendering/return_path.ts';

export const BOUNCE_ADDRESS = 'bounces@mail.example.com';

/** A message of the folder, its placeholder replaced by an address. */
export function messageTo(address: string, name: string): Buffer {
  const text = readFileSync(join(import.meta.dirname, 'messages', `${name}.eml`), 'latin1');
  return Buffer.from(text.replaceAll('RETURN-PATH', address), 'latin1');
}

/** The same, in answer to the mail with this tracking id. */
export function messageAbout(trackingId: string, key: Buffer, name: string): Buffer {
  return messageTo(returnPathOf(BOUNCE_ADDRESS, key, trackingId), name);
}

/** What comes of a message that is recorded and read back. */
export function eventsOf(message: Buffer, key: Buffer): MailEvent[] {
  return bounceMail.parse(recordingOf(message, { place: 'a test', recipient: null }, [key]));
}
