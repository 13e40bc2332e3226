import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import type { Snapshot } from './follow.ts';

export interface Progress {
  show(task: Snapshot): void;
  stop(): void;
}

/** A bar for the Task and one per service, redrawn in place; on standard error, so that standard output is the result's. */
export function progressBars(): Progress {
  const bars = new MultiBar(
    { format: '{name} {bar} {value}/{total}', stream: process.stderr, hideCursor: true, noTTYOutput: false },
    Presets.shades_classic,
  );
  const known = new Map<string, SingleBar>();
  function set(name: string, value: number, total: number): void {
    const bar = known.get(name) ?? bars.create(total, 0, { name: name.padEnd(8) });
    known.set(name, bar);
    bar.setTotal(total);
    bar.update(value);
  }
  return {
    show({ statistics: { total, states, funnel }, services }) {
      if (total === 0) return;
      set('all', funnel.sent + states.failed + states.cancelled + states.uncertain, total);
      for (const { service, sent } of services) set(service.name, sent, total);
    },
    stop: () => bars.stop(),
  };
}

/** For programs and files: nothing is drawn. */
export const silent: Progress = { show() {}, stop() {} };
