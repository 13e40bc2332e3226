import { Command } from 'commander';
import { openInstallation } from './open.ts';
import { untilAskedToEnd } from './signals.ts';

export const serve = new Command('serve')
  .description('run a server: GraphQL, webhooks and tracking links')
  .action(async () => {
    const asked = untilAskedToEnd();
    const { startServer } = await import('../server/app.ts');
    await using opened = new AsyncDisposableStack();
    const { config, log, secret, url, close } = await openInstallation();
    opened.defer(close);
    const server = await startServer({ config, url, secret, log });
    opened.defer(() => server.close());
    log.info({ graphql: `${server.url}/graphql` }, 'the server is up');
    log.info(`${await asked}: closing`);
  });
