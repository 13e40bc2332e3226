import { Command } from 'commander';
import { openInstallation } from './open.ts';
import { untilAskedToEnd } from './signals.ts';

export const work = new Command('work')
  .description('run a worker: generation, sending, events and repairs')
  .action(async () => {
    const asked = untilAskedToEnd();
    const { startSupervisor } = await import('../worker/supervisor.ts');
    await using opened = new AsyncDisposableStack();
    const { log, url, close } = await openInstallation();
    opened.defer(close);
    const worker = startSupervisor({ url, log });
    opened.defer(() => worker.stop());
    await Promise.race([worker.ready, asked]);
    log.info('the worker is up');
    log.info(`${await asked}: finishing what is under way`);
  });
