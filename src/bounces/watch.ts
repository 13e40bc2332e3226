import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../log.ts';
import { Mailbox, type ReadOptions } from './mailbox.ts';
import type { MailboxAddress } from './mailbox_address.ts';

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 60_000;

/** Reads the mailbox whenever something arrives, until it is told to stop; whatever fails meanwhile is tried again, ever later. */
export async function watchMailbox(address: MailboxAddress, options: ReadOptions, log: Logger): Promise<void> {
  let failures = 0;
  while (!options.stopping.aborted) {
    try {
      await using mailbox = await Mailbox.open(address);
      while (!options.stopping.aborted) {
        await mailbox.read(options);
        failures = 0;
        await mailbox.news(options.stopping);
      }
    } catch (error) {
      const delayMs = Math.min(FIRST_DELAY_MS * 2 ** failures, LONGEST_DELAY_MS);
      failures += 1;
      log.warn({ reason: error instanceof Error ? error.message : error, delayMs }, 'the mailbox is tried again');
      await delay(delayMs, null, { signal: options.stopping }).catch(() => {});
    }
  }
}
