import { Presets, SingleBar } from 'cli-progress';

export interface Progress {
  /** So many more are to be applied. */
  add(count: number): void;
  /** So many of them are. */
  done(count: number): void;
  stop(): void;
}

/** One bar, redrawn in place; on standard error, so that standard output is the result's. */
export function replayBar(): Progress {
  const bar = new SingleBar(
    { format: 'events {bar} {value}/{total}', stream: process.stderr, hideCursor: true, noTTYOutput: false },
    Presets.shades_classic,
  );
  bar.start(0, 0);
  return {
    add: (count) => bar.setTotal(bar.getTotal() + count),
    done: (count) => bar.increment(Math.min(count, bar.getTotal() - bar.getProgress())),
    stop: () => bar.stop(),
  };
}

/** For programs and files: nothing is drawn. */
export const silent: Progress = { add() {}, done() {}, stop() {} };
