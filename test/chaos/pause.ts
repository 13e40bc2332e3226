// Pauses a campaign at full speed and looks whether the provider hears of a mail that the pause had not reported to be on its way.
import { machine, type Report, say } from '../../bench/support/report.ts';
import { states } from '../support/campaign.ts';
import { eventually } from '../support/eventually.ts';
import { one } from '../support/scene.ts';
import { aStage, type Stage } from './stage.ts';
import { none, reported, verdict } from './verdict.ts';

export async function pause({ pauses, recipients }: { pauses: number; recipients: number }): Promise<Report> {
  await using opened = new AsyncDisposableStack();
  const stage = await aStage(opened, { services: 8, intervalMs: 0, workers: 2, recipients, answerDelayMs: [5, 50] });
  let done = 0;
  let unreported = 0;
  for (; done < pauses && (await stage.open()) > 500; done += 1) {
    unreported += await pauseOnce(stage);
    say(`pause ${done + 1} of ${pauses}`);
  }
  await stage.finished();
  return {
    machine: machine(stage.facts),
    figures: {
      pauses: reported(done),
      unreportedArrivals: none(unreported),
      ...(await verdict(stage, recipients)),
    },
  };
}

/** @returns how many mails arrived after the pause had returned, beyond those it had reported. */
async function pauseOnce({ pool, taskId, arrivals }: Stage): Promise<number> {
  const onTheWay = await one<number>(pool, 'select app_public.pause_task($1)', [taskId]);
  const returnedAt = Date.now();
  await eventually(
    () => states(pool, taskId),
    ({ sending = 0, allocated = 0 }) => sending + allocated === 0,
  );
  const late = (await arrivals()).filter(({ wallAt }) => wallAt > returnedAt).length;
  const count = (await arrivals()).length;
  await pool.query('select app_public.resume_task($1)', [taskId]);
  await eventually(arrivals, ({ length }) => length > count);
  return Math.max(0, late - onTheWay);
}
