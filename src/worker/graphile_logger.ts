import { Logger as GraphileLogger } from 'graphile-worker';
import type { Logger } from '../log.ts';

/** graphile-worker's words in our log: its notes on each job are debugging, its errors are ours. */
export function graphileLogger(log: Logger): GraphileLogger {
  return new GraphileLogger(() => (level, message, meta) => {
    const fields = meta?.['error'] === undefined ? {} : { err: meta['error'] };
    if (level === 'error') log.error(fields, message);
    else if (level === 'warning') log.warn(fields, message);
    else log.debug(fields, message);
  });
}
