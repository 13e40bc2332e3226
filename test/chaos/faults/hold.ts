import { signal } from '../processes.ts';
import type { Worker } from '../worker.ts';

/** Has workers stand still, between two of their steps, while somebody looks. Well below the 10 s after which a runner gives itself up. */
export function hold(workers: readonly Worker[]): Disposable {
  const pids = workers.flatMap((worker) => worker.pids());
  for (const pid of pids) signal(pid, 'SIGSTOP');
  return {
    [Symbol.dispose]() {
      for (const pid of pids) signal(pid, 'SIGCONT');
    },
  };
}
