import { type AlertChannel, alertChannels } from '../../database/alerts/channels.ts';
import type { Queryable } from '../../database/pool.ts';
import { Fault } from '../../server/errors.ts';

/** @param asked its name or id. @throws Fault NTFND */
export async function channelNamed(db: Queryable, asked: string): Promise<AlertChannel> {
  const found = (await alertChannels(db)).find(({ id, name }) => name === asked || id === asked.toLowerCase());
  if (found === undefined) throw new Fault('NTFND', `there is no channel ${JSON.stringify(asked)}`);
  return found;
}
