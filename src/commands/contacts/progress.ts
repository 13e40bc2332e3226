import { Presets, SingleBar } from 'cli-progress';

export interface Progress {
  /** So many bytes of the file are read, with so many rows in them. */
  read(bytes: number, rows: number): void;
  stop(): void;
}

/**
 * One bar, redrawn in place; on standard error, so that standard output is the result's.
 * @param totalBytes null: nobody knows, as of what is piped to us
 */
export function importBar(totalBytes: number | null): Progress {
  const share = totalBytes === null ? '' : '{bar} {percentage} % ';
  const bar = new SingleBar(
    { format: `rows ${share}{rows}`, stream: process.stderr, hideCursor: true, noTTYOutput: false },
    Presets.shades_classic,
  );
  bar.start(totalBytes ?? 1, 0, { rows: 0 });
  return {
    read: (bytes, rows) => bar.update(totalBytes === null ? 0 : bytes, { rows: rows.toLocaleString('en') }),
    stop: () => bar.stop(),
  };
}

/** For programs and files: nothing is drawn. */
export const silent: Progress = { read() {}, stop() {} };
