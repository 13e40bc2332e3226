import { Command } from 'commander';
import { z } from 'zod';
import type { BounceInbox, Counts } from '../bounces/inbox.ts';
import type { Afterwards, ReadOptions } from '../bounces/mailbox.ts';
import { MAILBOX_FORM, type MailboxAddress, mailboxAddressOf } from '../bounces/mailbox_address.ts';
import { ConfigError, loadConfig } from '../config.ts';
import { codeOf } from '../database/error_code.ts';
import type { Logger } from '../log.ts';
import { openInstallation } from './open.ts';
import { untilAskedToEnd } from './signals.ts';

/** EX_TEMPFAIL of sysexits.h: the MTA keeps the message and tries again. */
const TRY_AGAIN = 75;

const flags = z.object({
  stdin: z.boolean().default(false),
  recipient: z.string().nullish(),
  imap: z.string().optional(),
  watch: z.boolean().default(false),
  move: z.string().min(1).optional(),
  delete: z.boolean().default(false),
  json: z.boolean().default(false),
});

type Flags = z.infer<typeof flags>;

export const bounces = new Command('bounces')
  .description('record the bounces and complaints that came by mail, from a mailbox or from standard input')
  .option('--imap <url>', `the mailbox: ${MAILBOX_FORM}; default: BOUNCES_IMAP_URL, which no list of processes shows`)
  .option('--watch', 'go on as messages arrive')
  .option('--move <folder>', 'move what was recorded there, instead of marking it as seen')
  .option('--delete', 'delete what was recorded, instead of marking it as seen')
  .option(
    '--stdin',
    `one message, or an mbox; exit code ${TRY_AGAIN} when it was not recorded, so that an MTA keeps it`,
  )
  .option('--recipient <address>', 'with --stdin: to whom the MTA delivers the message')
  .option('--json', 'print the counts as one JSON object')
  .action(async (options: unknown) => {
    const given = flags.parse(options);
    if (!given.stdin) return print(await fromMailbox(given, mailboxAddress(given)), given);
    try {
      print(await fromStandardInput(given), given);
    } catch (error) {
      process.stderr.write(`postilion: ${reasonOf(error)}\n`);
      process.exitCode = TRY_AGAIN;
    }
  });

async function fromStandardInput({ recipient = null }: Flags): Promise<Counts> {
  return withInbox(async (inbox) => {
    const { messagesIn } = await import('../bounces/messages_in.ts');
    for await (const message of messagesIn(process.stdin)) {
      await inbox.record([message], { place: 'stdin', recipient });
    }
  });
}

async function fromMailbox(given: Flags, address: MailboxAddress): Promise<Counts> {
  return withInbox(async (inbox, log) => {
    const stopping = new AbortController();
    untilAskedToEnd().then(() => stopping.abort());
    const { Mailbox } = await import('../bounces/mailbox.ts');
    const { watchMailbox } = await import('../bounces/watch.ts');
    const { readingProgress } = await import('../bounces/progress.ts');
    using progress = readingProgress();
    const options: ReadOptions = {
      afterwards: afterwardsOf(given),
      take: async (messages) => {
        await inbox.record(messages, { place: address.place, recipient: null });
        if (given.watch) log.info({ ...inbox.counts }, 'messages recorded so far');
      },
      onProgress: progress.show,
      stopping: stopping.signal,
    };
    if (given.watch) return watchMailbox(address, options, log);
    await using mailbox = await Mailbox.open(address);
    await mailbox.read(options);
  });
}

async function withInbox(work: (inbox: BounceInbox, log: Logger) => Promise<void>): Promise<Counts> {
  await using opened = new AsyncDisposableStack();
  const { log, secret, url, close } = await openInstallation();
  opened.defer(close);
  const { openBounceInbox } = await import('../bounces/inbox.ts');
  const { knownKeys } = await import('../database/secret.ts');
  const inbox = openBounceInbox({ url, keys: knownKeys(secret, 'tracking'), log });
  opened.defer(() => inbox.close());
  await work(inbox, log);
  return inbox.counts;
}

/** @throws ConfigError, which repeats nothing of what was given: there is a password in it */
function mailboxAddress({ imap }: Flags): MailboxAddress {
  const [name, given] = imap === undefined ? ['BOUNCES_IMAP_URL', loadConfig().BOUNCES_IMAP_URL] : ['--imap', imap];
  const address = mailboxAddressOf(given ?? '');
  if (address === null) throw new ConfigError(`${name}: expected ${MAILBOX_FORM}`);
  return address;
}

/** Of an error of several addresses of one host the message is empty. */
function reasonOf(error: unknown): string {
  return (error instanceof Error && error.message) || codeOf(error);
}

function afterwardsOf({ move: folder, delete: deletes }: Flags): Afterwards {
  if (folder === undefined) return { verb: deletes ? 'delete' : 'flag' };
  if (deletes) throw new ConfigError('--move and --delete: expected one of them');
  return { verb: 'move', folder };
}

function print(counts: Counts, { json }: Flags): void {
  const { recorded, proven } = counts;
  const words = `Recorded ${recorded} messages, ${proven} of them about a mail of ours beyond doubt.`;
  process.stdout.write(`${json ? JSON.stringify({ recorded, proven }) : words}\n`);
}
