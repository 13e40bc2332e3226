// The main job on real input, from nothing: a provider, services at their own pace, a campaign created as a client creates it, its
// webhooks, and at the end what the provider saw beside what our statistics say.
import { scheduler } from 'node:timers/promises';
import { Command } from 'commander';
import { z } from 'zod';
import {
  addContacts,
  apiKeyOf,
  createService,
  createTask,
  createWorkspace,
  type DemoService,
  demoServices,
  scheduleTask,
} from './demo/campaign.ts';
import { contactsInLists } from './demo/contacts.ts';
import { follow, inboxBacklog, lastSnapshot } from './demo/follow.ts';
import { freezeReasons, refusedHalfWay } from './demo/freeze.ts';
import { GraphqlClient } from './demo/graphql_client.ts';
import { progressBars, silent } from './demo/progress.ts';
import { type DemoResult, describe, resultOf } from './demo/result.ts';
import { type SimulatorProcess, startSimulatorProcess } from './demo/simulator_process.ts';
import { listenForMetrics, openMetrics } from './metrics.ts';
import { openInstallation } from './open.ts';
import { untilAskedToEnd } from './signals.ts';

const flags = z
  .object({
    recipients: z.coerce.number('--recipients: expected a number').int().min(1),
    speed: z.coerce.number('--speed: expected a number').positive(),
    contacts: z.string().optional(),
    services: z.coerce.number('--services: expected a number').int().min(1).max(100),
    freezeOne: z.boolean().default(false),
    exit: z.boolean().default(false),
    json: z.boolean().default(false),
  })
  .refine(({ freezeOne, services }) => !freezeOne || services > 1, '--freeze-one: expected another service beside it');
type Flags = z.infer<typeof flags>;

export const demo = new Command('demo')
  .description('send a campaign through simulated services, in a database of its own')
  .option('--recipients <count>', 'how many to invent', '300')
  .option(
    '--contacts <file.csv>',
    'take them from a file instead; its header names email and, if you like, name and attributes',
  )
  .option('--services <count>', 'how many send', '2')
  .option('--freeze-one', 'have the provider refuse the key of the first service half-way: the others send its mails')
  .option('--speed <factor>', 'divides the intervals, which are 31 s and 18 s for the first two', '100')
  .option('--exit', 'end when the campaign has; otherwise the server stays up')
  .option('--json', 'the result as one JSON object, on the last line')
  .action((options: unknown) => runDemo(flags.parse(options)));

async function runDemo(options: Flags): Promise<void> {
  const asked = untilAskedToEnd();
  const { startSupervisor } = await import('../worker/supervisor.ts');
  const { startServer } = await import('../server/app.ts');
  const { demoAdmin } = await import('./demo/admin.ts');
  await using opened = new AsyncDisposableStack();
  const { config, log, secret, url, serverUrl, close } = await openInstallation({ fresh: 'postilion_demo' });
  opened.defer(close);
  const simulator = await startSimulatorProcess();
  opened.defer(() => simulator.stop());
  const loginUrl = await serverUrl();
  const { email, password, token } = await demoAdmin(loginUrl, config.ADMIN_EMAIL);
  const metrics = await openMetrics(config, 'demo');
  const server = await startServer({ config, url: loginUrl, secret, log, metrics, ...(options.exit && { port: 0 }) });
  opened.defer(() => server.close());
  const client = new GraphqlClient(`${server.url}/graphql`, token);
  // Before the worker, so that it starts with a slot for each.
  const services = demoServices(options.services);
  await createServices(client, simulator, services, options.speed, server.url);
  const worker = startSupervisor({ url, log, environment: { TRACKING_BASE_URL: server.url }, metrics });
  opened.defer(() => worker.stop());
  opened.defer(await listenForMetrics({ config, metrics, hindrance: worker.hindrance, log }));
  await Promise.race([worker.ready, asked]);

  const ran = campaign(options, services, client, simulator);
  const result = await Promise.race([ran, asked.then(() => null)]);
  if (result === null) return void ran.catch(() => {});
  process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : `\n${describe(result)}\n`);
  if (options.exit) return;
  process.stderr.write(`\nThe server stays up: ${server.url}/ruru to look around, Ctrl-C to end.
Sign in as ${email} with the password ${password}, or send the header\n  authorization: Bearer ${token}\n`);
  await asked;
}

async function createServices(
  client: GraphqlClient,
  simulator: SimulatorProcess,
  services: readonly DemoService[],
  speed: number,
  serverUrl: string,
): Promise<void> {
  const webhooks: Record<string, string> = {};
  for (const service of services) {
    const path = await createService(client, service, intervalOf(service, speed), simulator.url);
    webhooks[service.name] = serverUrl + path;
  }
  await simulator.client.configure(behaviour(services, webhooks));
}

async function campaign(
  options: Flags,
  services: readonly DemoService[],
  client: GraphqlClient,
  simulator: SimulatorProcess,
): Promise<DemoResult> {
  const intervals = Object.fromEntries(services.map((service) => [service.name, intervalOf(service, options.speed)]));
  const refuse = refusedHalfWay(simulator.client, services[0]?.name ?? '');
  const workspaceId = await createWorkspace(client);
  for await (const list of contactsInLists(options.contacts, options.recipients))
    await addContacts(client, workspaceId, list);
  const taskId = await createTask(client, workspaceId);

  const startedAt = performance.now();
  await scheduleTask(client, taskId);
  const progress = options.json || !process.stderr.isTTY ? silent : progressBars();
  for await (const task of follow(client, taskId)) {
    progress.show(task);
    if (options.freezeOne) await refuse(task);
  }
  const elapsedMs = performance.now() - startedAt;
  await simulator.client.drain();
  while ((await inboxBacklog(client)) > 0) await scheduler.wait(50);
  const task = await lastSnapshot(client, taskId);
  progress.show(task);
  progress.stop();
  if (task.status === 'failed') throw new Error(task.errorMessage ?? 'the task failed');
  const frozen = options.freezeOne ? await freezeReasons(client) : null;
  return resultOf(task, await simulator.client.summary(intervals), elapsedMs, frozen);
}

function intervalOf({ seconds }: DemoService, speed: number): number {
  return Math.max(1, Math.round((seconds * 1_000) / speed));
}

/**
 * Recipients who behave as recipients do: some bounce, some open (their mail program fetches our pixel), some click.
 * @param webhooks where to post, by the name of the service
 */
function behaviour(services: readonly DemoService[], webhooks: Readonly<Record<string, string>>) {
  return {
    accounts: Object.fromEntries(services.map(({ name }) => [name, apiKeyOf(name)])),
    answerDelayMs: [4, 16] as [number, number],
    outcomes: { hardBounce: 0.02, softBounce: 0.01 },
    recipients: { opens: 0.45, clicks: 0.3, unsubscribes: 0.005, engagement: 'fetch' as const },
    webhooks: { urlByApiUser: webhooks, delayMs: [20, 200] as [number, number] },
  };
}
