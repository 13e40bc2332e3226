import { setTimeout as sleep } from 'node:timers/promises';
import type { Top } from '../../database/reports/read_top.ts';
import { paint, width } from '../ops/lines.ts';
import { frame } from './frame.ts';
import { takeScreen } from './screen.ts';
import { type Watching, watch } from './watch.ts';

type Read = () => Promise<Top>;

const controlC = '\u0003';
const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** One frame, as long as it is. */
export async function printTop(read: Read): Promise<void> {
  const view = { columns: width(), rows: Number.POSITIVE_INFINITY, paint, problem: null };
  const lines = frame(await read(), view).map((line) => line.trimEnd());
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** The live view, until q or Ctrl-C, or a signal. */
export async function showTop(read: Read, intervalMs: number): Promise<void> {
  // The first look before the screen is taken: what is wrong with the address is said where it can be read.
  const first = await read();
  const end = new AbortController();
  const stop = () => end.abort();
  let watching: Watching | undefined;
  using screen = takeScreen(process.stdin, process.stdout, {
    onKey: (key) => {
      if (key === 'q' || key === 'Q' || key === controlC) stop();
    },
    onResize: () => watching?.redraw(),
  });
  for (const signal of endings) process.once(signal, stop);
  try {
    let next: Read = async () => first;
    watching = watch({
      read: () => {
        const look = next;
        next = read;
        return look();
      },
      screen,
      paint,
      wait: () => sleep(intervalMs, undefined, { signal: end.signal }),
      ended: end.signal,
    });
    await watching.done;
  } finally {
    for (const signal of endings) process.off(signal, stop);
  }
}
