import { signal } from './processes.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const wards = new Set<number>();

/** Ends these servers when our process ends without doing so itself, however it ends, save by SIGKILL. */
export function endWithUs(pid: number): void {
  if (wards.size === 0) {
    process.on('exit', endAll);
    for (const name of signals) process.on(name, onSignal);
  }
  wards.add(pid);
}

export function release(pid: number): void {
  wards.delete(pid);
  if (wards.size > 0) return;
  process.off('exit', endAll);
  for (const name of signals) process.off(name, onSignal);
}

function endAll(): void {
  for (const pid of wards) signal(pid, 'SIGINT');
}

// Whoever else listens to the signal decides what becomes of the process. Otherwise it dies of it, as without us.
function onSignal(name: NodeJS.Signals): void {
  if (process.listenerCount(name) > 1) return;
  endAll();
  process.off(name, onSignal);
  process.kill(process.pid, name);
}
