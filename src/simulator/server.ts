// A mail provider that sends nothing: it speaks EngageLab's API, remembers what arrived and when, and tells what became of it.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import Koa from 'koa';
import Router from 'koa-router';
import { quotaRoute, statusRoute } from './account_routes.ts';
import { controlRouter } from './control_routes.ts';
import { type Controls, controlsOf } from './controls.ts';
import { FaultPlan } from './faults.ts';
import { type SimulatorOptions, type SimulatorOptionsInput, settings, simulatorOptions } from './options.ts';
import { SimulatorRecord } from './record.ts';
import { RequestMemory } from './request_memory.ts';
import { sendRoute } from './send.ts';
import { Webhooks } from './webhooks.ts';
import type { World } from './world.ts';

const SEND_PATH = '/v1/mail/send';
/** Above any client's idle limit: a connection closed just as it is used again would leave that mail in doubt. */
const KEEP_ALIVE_MS = 75_000;

export interface Simulator extends Controls {
  /** Root of the API, to be used as an account's base URL. */
  readonly url: string;
  readonly port: number;
  readonly record: SimulatorRecord;
  /** Cuts every connection, drops pending webhooks, closes the record file. */
  close(): Promise<void>;
}

/** @throws ZodError when an option makes no sense, and what listening may throw, such as EADDRINUSE. */
export async function startSimulator(input: SimulatorOptionsInput = {}): Promise<Simulator> {
  const options = simulatorOptions.parse(input);
  const closing = new AbortController();
  const world = createWorld(options, closing.signal);
  const controls = controlsOf(world);
  const server = createApi(world, controls);
  const port = await listen(server, options);
  return {
    ...controls,
    url: `http://${options.host}:${port}`,
    port,
    record: world.record,
    close: async () => {
      closing.abort();
      world.webhooks.reset();
      await closed(server);
      await world.record.close();
    },
  };
}

function createWorld(options: SimulatorOptions, closing: AbortSignal): World {
  const record = new SimulatorRecord(options);
  const world: World = {
    settings: settings.strip().parse(options),
    seed: options.seed,
    record,
    faults: new FaultPlan(options.faults, options.seed),
    memory: new RequestMemory(record, options.requestIdMemoryMs),
    webhooks: new Webhooks(() => world.settings, options.seed, closing),
    closing,
  };
  return world;
}

function createApi(world: World, controls: Controls): Server {
  const arrivals = new WeakMap<IncomingMessage, number>();
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS });
  server.on('request', (request) => {
    if (isSend(request)) arrivals.set(request, world.record.open(performance.now()));
  });
  server.on('request', createApp(world, controls, arrivals).callback());
  return server;
}

// A client that goes away is no error of ours; it is in the record.
function createApp(world: World, controls: Controls, arrivals: WeakMap<IncomingMessage, number>): Koa {
  const router = new Router()
    .post(
      SEND_PATH,
      sendRoute(world, (request) => arrivals.get(request) ?? world.record.open(performance.now())),
    )
    .get('/v1/email_status', statusRoute(world))
    .get('/v1/account/quota', quotaRoute(world));
  const app = new Koa().use(router.routes()).use(controlRouter(world, controls).routes());
  app.on('error', (error: Error, ctx?: Koa.Context) => {
    if (ctx?.req.complete !== false) console.error(error);
  });
  return app;
}

function isSend(request: IncomingMessage): boolean {
  return request.method === 'POST' && request.url?.split('?')[0] === SEND_PATH;
}

function listen(server: Server, { host, port }: SimulatorOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' ? (address?.port ?? port) : port);
    });
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
