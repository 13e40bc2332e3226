// A forecast looks at every service and rival; who looks every second needs a new one every twenty.
import type { Top, TopTask } from '../../database/reports/read_top.ts';

const everyMs = 20_000;
const foreseen = 10;

/** @returns a way to look whose forecasts are some 20 s old at most, by the database's clock */
export function forecastNowAndThen(read: (forecasts: number) => Promise<Top>): () => Promise<Top> {
  let last: Top | null = null;
  let seenAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const known = last;
    if (known === null || Date.parse(known.at) + everyMs <= seenAt) {
      last = await read(foreseen);
      seenAt = Date.parse(last.at);
      return last;
    }
    const top = await read(0);
    seenAt = Date.parse(top.at);
    return { ...top, tasks: withForecasts(top, known) };
  };
}

/** What was foreseen earlier, as much nearer as time has passed. A Task that changed its state since is foreseen anew. */
function withForecasts(top: Top, earlier: Top): TopTask[] {
  const passedMs = Date.parse(top.at) - Date.parse(earlier.at);
  const known = new Map(earlier.tasks.map((task) => [task.id, task]));
  return top.tasks.map((task) => {
    const before = known.get(task.id);
    if (before === undefined || before.status !== task.status) return task;
    const { doneInMs, limiting } = before;
    return { ...task, limiting, doneInMs: doneInMs === null ? null : Math.max(doneInMs - passedMs, 0) };
  });
}
