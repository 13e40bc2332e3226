import { Command, Option } from 'commander';
import { z } from 'zod';
import { severities } from '../../alerts/digest.ts';
import { createAlertChannel } from '../../database/alerts/create_alert_channel.ts';
import type { Queryable } from '../../database/pool.ts';
import { newEmailChannel, newWebhookChannel } from '../../server/alerts/new_channel.ts';
import { Fault } from '../../server/errors.ts';
import { withSecret } from './with_secret.ts';

const flags = z.object({
  webhook: z.string().optional(),
  email: z.array(z.string()).optional(),
  server: z.string().optional(),
  from: z.string().optional(),
  service: z.string().optional(),
  sender: z.string().optional(),
  severity: z.enum(severities),
  mostPerHour: z.coerce.number('--most-per-hour: expected a number'),
  json: z.boolean().default(false),
});
type Flags = z.infer<typeof flags>;

export const addChannel = new Command('add')
  .description('have alerts told to a webhook (Slack, Mattermost, your own) or by mail')
  .argument('<name>', 'what it shall be called')
  .option('--webhook <url>', 'post to this https address')
  .option('--email <address...>', 'send mails to these addresses')
  .option('--server <url>', 'by this mail server: smtp://user:password@host:587')
  .option('--from <address>', 'from this address, with --server')
  .option('--service <service>', "instead of a mail server: by this service's queue, within its pace and quota")
  .option('--sender <id>', 'from this sender, with --service')
  .addOption(new Option('--severity <severity>', 'leave out what is below').choices([...severities]).default('warning'))
  .option('--most-per-hour <count>', 'messages it gets in an hour at most', '6')
  .option('--json', 'print what was made as one JSON object')
  .action(async (name: string, options: unknown) => {
    const given = flags.parse(options);
    const made = await withSecret(async (db, { secret }) => add(db, name, given, secret.encryption));
    process.stdout.write(given.json ? `${JSON.stringify(made)}\n` : described(name, made));
  });

interface Made {
  readonly id: string;
  readonly signingSecret: string | null;
}

async function add(db: Queryable, name: string, given: Flags, key: Buffer): Promise<Made> {
  const terms = { name, minimumSeverity: given.severity, mostPerHour: given.mostPerHour };
  if (given.webhook !== undefined) {
    const { channel, signingSecret } = newWebhookChannel({ ...terms, url: given.webhook });
    return { id: await createAlertChannel(db, channel, key), signingSecret };
  }
  if (given.email === undefined) throw new Fault('BADIN', 'expected --webhook or --email');
  const emailServiceId = given.service === undefined ? null : await serviceNamed(db, given.service);
  const { email: addresses, server: serverUrl, from, sender: senderId } = given;
  const channel = newEmailChannel({ ...terms, addresses, serverUrl, from, emailServiceId, senderId });
  return { id: await createAlertChannel(db, channel, key), signingSecret: null };
}

async function serviceNamed(db: Queryable, asked: string): Promise<string> {
  const { rows } = await db.query<{ id: string }>(
    'select id from app_public.email_services where id::text = lower($1) or name = $1 order by name = $1 desc limit 1',
    [asked],
  );
  const [found] = rows;
  if (found === undefined) throw new Fault('NTFND', `there is no service ${JSON.stringify(asked)}`);
  return found.id;
}

function described(name: string, { signingSecret }: Made): string {
  const signed =
    signingSecret === null
      ? ''
      : `It signs with ${signingSecret}\n(shown here and never again; Slack and Mattermost need none).\n`;
  return `Added ${name}. ${signed}To try it: postilion alerts channel test ${name}\n`;
}
