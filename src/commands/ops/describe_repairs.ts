import type { RepairStep } from '../../database/ops/read_plan.ts';
import { indented, paint } from './lines.ts';
import type { RepairResult } from './repair_all.ts';

const whatWidth = 'partitions'.length + 2;

export function describePlan(plan: readonly RepairStep[]): string {
  if (plan.length === 0) return 'There is nothing to repair.\n';
  return plan
    .map(({ what, name, howMany, says }) => {
      const sentence = `${name}${howMany > 1 ? ` (${howMany})` : ''}: ${says}`;
      return `${paint('bold', what.padEnd(whatWidth))}${indented(sentence, whatWidth)}\n`;
    })
    .join('');
}

const outcomes = {
  mended: (howMany: number) => `done; it met ${howMany}`,
  passed: () => 'nothing is left of it: it was mended meanwhile',
  changed: () => 'left alone: the plan is another by now, look again',
};

export function describeRepairs({ plan, repairs }: RepairResult): string {
  if (plan.length === 0) return '';
  if (repairs.length === 0) return 'Nothing was changed.\n';
  return repairs
    .map(({ what, outcome, howMany }) => {
      const style = outcome === 'changed' ? 'yellow' : 'green';
      return `${paint(style, what.padEnd(whatWidth))}${outcomes[outcome](howMany)}\n`;
    })
    .join('');
}
