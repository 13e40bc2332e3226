// The ledger's price: the trigger that accounts for every move, as it is, against the same without its insert into sub_task_changes.
import type pg from 'pg';
import { mailsPerSecond, someLoops } from '../queue/loops.ts';
import type { Figures, Stage } from '../queue/stage.ts';
import { aBacklog, clear } from '../support/backlog.ts';
import { say } from '../support/report.ts';
import { alternate } from './alternate.ts';
import { figuresOf } from './figures.ts';

const trigger = 'app_hidden.tg_sub_tasks__account_update()';
const insert = /listed as \(\s*insert into app_hidden\.sub_task_changes[\s\S]*?where from_status <> to_status\s*\), /;

export async function ledger({ pool, quick, seconds }: Stage, pairs: number): Promise<Figures> {
  const whole = await definition(pool);
  const without = whole.replace(insert, '');
  if (without === whole) throw new Error(`${trigger} writes its ledger in other words by now`);
  const rates = await alternate(pairs, async (isOn) => {
    await pool.query(isOn ? whole : without);
    await clear(pool);
    await aBacklog(pool, quick ? 20_000 : 100_000);
    const rate = await mailsPerSecond(pool, await someLoops(pool, 8), 20, seconds);
    await demandLedger(pool, isOn);
    say(`${isOn ? 'with' : 'without'} the ledger: ${Math.round(rate)} mails/s`);
    return rate;
  });
  await pool.query(whole);
  return figuresOf('ledger', rates, 0.25);
}

async function definition(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ text: string }>('select pg_get_functiondef($1::regprocedure) as text', [trigger]);
  return rows[0]?.text ?? '';
}

/** @throws Error when the switch did nothing: what was measured would be nothing, too. */
async function demandLedger(pool: pg.Pool, isOn: boolean): Promise<void> {
  const { rowCount } = await pool.query('select from app_hidden.sub_task_changes limit 1');
  if ((rowCount === 1) !== isOn) throw new Error(`the ledger is ${isOn ? 'empty' : 'written'}`);
}
