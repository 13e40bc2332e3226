import { Command } from 'commander';
import { listenForMetrics, openMetrics } from './metrics.ts';
import { openInstallation } from './open.ts';
import { untilAskedToEnd } from './signals.ts';

export const start = new Command('start')
  .description('run everything on this machine: server, worker and, without DATABASE_URL, the embedded database')
  .action(async () => {
    const asked = untilAskedToEnd();
    const { startSupervisor } = await import('../worker/supervisor.ts');
    const { startServer } = await import('../server/app.ts');
    const { announceFirstAdmin } = await import('./first_admin.ts');
    await using opened = new AsyncDisposableStack();
    const { config, log, secret, url, serverUrl, embedded, close } = await openInstallation();
    opened.defer(close);
    const loginUrl = await serverUrl();
    await announceFirstAdmin(config, loginUrl);
    const metrics = await openMetrics(config, 'start');
    const server = await startServer({ config, url: loginUrl, secret, log, metrics });
    opened.defer(() => server.close());
    const trackingOrigin = config.TRACKING_BASE_URL ?? server.url;
    const worker = startSupervisor({ url, log, environment: { TRACKING_BASE_URL: trackingOrigin }, metrics });
    opened.defer(() => worker.stop());
    const hindrance = async () => (await server.hindrance()) ?? (await worker.hindrance());
    opened.defer(await listenForMetrics({ config, metrics, hindrance, log }));
    await Promise.race([worker.ready, asked]);
    log.info({ graphql: `${server.url}/graphql`, database: embedded ? 'embedded' : 'DATABASE_URL' }, 'postilion is up');
    log.info(`${await asked}: finishing what is under way`);
  });
