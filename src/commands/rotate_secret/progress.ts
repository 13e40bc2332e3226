import { Presets, SingleBar } from 'cli-progress';

export interface Bar {
  done(count: number): void;
  stop(): void;
}

/** One bar, redrawn in place; on standard error, so that standard output is the result's. */
export function rotationBar(total: number): Bar {
  const bar = new SingleBar(
    { format: 'sealed {bar} {value}/{total}', stream: process.stderr, hideCursor: true, noTTYOutput: false },
    Presets.shades_classic,
  );
  bar.start(total, 0);
  return { done: (count) => bar.increment(count), stop: () => bar.stop() };
}
