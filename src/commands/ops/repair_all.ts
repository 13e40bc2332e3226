// Kind by kind, in the order in which they help each other, each its own transaction: together they would lock rows out of order.
import { z } from 'zod';
import { codeOf } from '../../database/error_code.ts';
import { mend } from '../../database/ops/mend.ts';
import { type RepairStep, readPlan, repairStep } from '../../database/ops/read_plan.ts';
import type { Queryable } from '../../database/pool.ts';

export const repairResult = z.strictObject({
  plan: z.array(repairStep),
  repairs: z.array(
    z.strictObject({
      what: z.string(),
      /** passed: something mended it meanwhile, an earlier repair perhaps; changed: the plan is another by now, so it was left alone. */
      outcome: z.enum(['mended', 'passed', 'changed']),
      /** How many it met. */
      howMany: z.number(),
    }),
  ),
});

export type RepairResult = z.infer<typeof repairResult>;

export interface RepairChoice {
  /** Kinds; none: all. */
  readonly what: readonly string[];
  readonly task: string | null;
}

/** @param consent shown the plan, says whether to carry it out */
export async function repairAll(
  db: Queryable,
  { what, task }: RepairChoice,
  consent: (plan: RepairStep[]) => Promise<boolean>,
): Promise<RepairResult> {
  const plan: RepairStep[] = [];
  for (const kind of what.length === 0 ? ['all'] : new Set(what)) plan.push(...(await readPlan(db, kind, task)));
  const repairs: RepairResult['repairs'] = [];
  if (await consent(plan))
    for (const [kind, steps] of Map.groupBy(plan, (step) => step.what))
      repairs.push(await mendKind(db, kind, steps, task));
  return repairResult.parse({ plan, repairs });
}

async function mendKind(
  db: Queryable,
  what: string,
  [first]: readonly RepairStep[],
  task: string | null,
): Promise<RepairResult['repairs'][number]> {
  try {
    const howMany = await mend(db, { what, hash: first?.hash ?? '', task, why: 'asked for at the terminal' });
    return { what, outcome: 'mended', howMany };
  } catch (error) {
    if (codeOf(error) !== 'TRANS') throw error;
    const left = await readPlan(db, what, task);
    return { what, outcome: left.length === 0 ? 'passed' : 'changed', howMany: 0 };
  }
}
