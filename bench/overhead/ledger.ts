// The ledger's price: the trigger that accounts for every move, as it is, against the same without its insert into sub_task_changes.
import type pg from 'pg';
import { one } from '../../test/support/scene.ts';
import type { Figures, Stage } from '../queue/stage.ts';
import { alternate } from '../support/alternate.ts';
import { say } from '../support/report.ts';
import { figuresOf } from './figures.ts';
import { Load } from './load.ts';

const trigger = 'app_hidden.tg_sub_tasks__account_update()';
const insert = /listed as \(\s*insert into app_hidden\.sub_task_changes[\s\S]*?where from_status <> to_status\s*\), /;

export async function ledger(stage: Stage, pairs: number): Promise<Figures> {
  const { pool, seconds } = stage;
  const whole = await one<string>(pool, 'select pg_get_functiondef($1::regprocedure)', [trigger]);
  const without = whole.replace(insert, '');
  if (without === whole) throw new Error(`${trigger} writes its ledger in other words by now`);
  const load = new Load(stage, seconds);
  const rates = await alternate(pairs, async (isOn) => {
    await load.ensure();
    await pool.query(isOn ? whole : without);
    const before = await lines(pool);
    const rate = await load.slice();
    // What was measured would be nothing, were the switch none.
    if ((await lines(pool)) > before !== isOn) throw new Error(`the ledger was ${isOn ? 'not ' : ''}written`);
    say(`${isOn ? 'with' : 'without'} the ledger: ${Math.round(rate)} mails/s`);
    return rate;
  });
  await pool.query(whole);
  return figuresOf('ledger', rates, 0.25);
}

/** The number of the last one, so that nothing is counted. */
function lines(pool: pg.Pool): Promise<number> {
  return one(pool, 'select coalesce(max(id), 0)::float8 from app_hidden.sub_task_changes');
}
