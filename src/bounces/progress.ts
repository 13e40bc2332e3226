import { Presets, SingleBar } from 'cli-progress';

export interface ReadingProgress extends Disposable {
  show(done: number, total: number): void;
}

/** A bar on a terminal's standard error, for as long as there is more than one batch to read; nothing for programs and files. */
export function readingProgress(): ReadingProgress {
  let bar: SingleBar | null = null;
  const end = () => {
    bar?.stop();
    bar = null;
  };
  return {
    show(done, total) {
      if (done < total) bar ??= started(total);
      bar?.update(done);
      if (done >= total) end();
    },
    [Symbol.dispose]: end,
  };
}

function started(total: number): SingleBar {
  const bar = new SingleBar(
    { format: 'messages {bar} {value}/{total}', stream: process.stderr, hideCursor: true, noTTYOutput: false },
    Presets.shades_classic,
  );
  bar.start(total, 0);
  return bar;
}
