import { Command } from 'commander';
import { listenForMetrics, openMetrics } from './metrics.ts';
import { openInstallation } from './open.ts';
import { untilAskedToEnd } from './signals.ts';

export const work = new Command('work')
  .description('run a worker: generation, sending, events and repairs')
  .action(async () => {
    const asked = untilAskedToEnd();
    const { startSupervisor } = await import('../worker/supervisor.ts');
    await using opened = new AsyncDisposableStack();
    const { config, log, url, close } = await openInstallation();
    opened.defer(close);
    const metrics = await openMetrics(config, 'work');
    const worker = startSupervisor({ url, log, metrics });
    opened.defer(() => worker.stop());
    opened.defer(await listenForMetrics({ config, metrics, hindrance: worker.hindrance, log }));
    await Promise.race([worker.ready, asked]);
    log.info('the worker is up');
    log.info(`${await asked}: finishing what is under way`);
  });
