import { Command } from 'commander';
import { listenForMetrics, openMetrics } from './metrics.ts';
import { openInstallation } from './open.ts';
import { untilAskedToEnd } from './signals.ts';

export const serve = new Command('serve')
  .description('run a server: GraphQL, webhooks and tracking links')
  .action(async () => {
    const asked = untilAskedToEnd();
    const { startServer } = await import('../server/app.ts');
    const { announceFirstAdmin } = await import('./first_admin.ts');
    await using opened = new AsyncDisposableStack();
    const { config, log, secret, serverUrl, close } = await openInstallation();
    opened.defer(close);
    const loginUrl = await serverUrl();
    await announceFirstAdmin(config, loginUrl);
    const metrics = await openMetrics(config, 'serve');
    const server = await startServer({ config, url: loginUrl, secret, log, metrics });
    opened.defer(() => server.close());
    opened.defer(await listenForMetrics({ config, metrics, hindrance: server.hindrance, log }));
    log.info({ graphql: `${server.url}/graphql` }, 'the server is up');
    log.info(`${await asked}: closing`);
  });
