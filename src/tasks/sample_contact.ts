import type { Recipient } from '../database/generation/read_batch.ts';
import type { Mailing } from './mailing.ts';

/** Somebody who has everything these templates can't do without; each value names itself: [first_name]. */
export function sampleContact(mailing: Mailing): Recipient {
  const names = mailing.attributes();
  return {
    id: '00000000-0000-0000-0000-000000000000',
    email: 'recipient@example.com',
    name: '[name]',
    attributes: Object.fromEntries(names.filter((name) => name !== 'name').map((name) => [name, `[${name}]`])),
  };
}
