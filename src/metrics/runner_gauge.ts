import { Gauge, type Registry } from 'prom-client';

interface Runner {
  readonly kind: string;
  readonly isReady: boolean;
}

/** Whether a worker's runners take jobs. */
export function measureRunners(registry: Registry, runners: readonly Runner[]): void {
  new Gauge({
    name: 'postilion_runner_up',
    help: 'Whether the runner takes jobs: 1, or 0 while it starts or was ended.',
    labelNames: ['runner'],
    registers: [registry],
    collect() {
      for (const { kind, isReady } of runners) this.set({ runner: kind }, isReady ? 1 : 0);
    },
  });
}
