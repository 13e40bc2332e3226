// Look, draw, wait; until somebody has seen enough.
import type { Top } from '../../database/reports/read_top.ts';
import { frame, type Paint } from './frame.ts';
import type { Screen } from './screen.ts';

export interface Watch {
  readonly read: () => Promise<Top>;
  readonly screen: Screen;
  readonly paint: Paint;
  /** Between two looks; rejects when it is ended. */
  readonly wait: () => Promise<unknown>;
  readonly ended: AbortSignal;
}

export interface Watching {
  /** Draws what is known once more, as after a resize. */
  redraw(): void;
  readonly done: Promise<void>;
}

/**
 * A database that is away for a while is said at the bottom; what was seen last stays.
 * @throws (done) what the first look came to: a wrong address is told as by every command
 */
export function watch({ read, screen, paint, wait, ended }: Watch): Watching {
  let seen: Top | null = null;
  let problem: string | null = null;
  const redraw = () => {
    if (seen !== null) screen.draw(frame(seen, { columns: screen.columns, rows: screen.rows, paint, problem }));
  };
  const look = async () => {
    try {
      seen = await read();
      problem = null;
    } catch (error) {
      if (seen === null) throw error;
      problem = `The database does not answer (${error instanceof Error ? error.message : String(error)}); tried again.`;
    }
  };
  const run = async () => {
    while (!ended.aborted) {
      await look();
      redraw();
      await wait().catch(() => {});
    }
  };
  return { redraw, done: run() };
}
