import type { HealthResult } from './examine.ts';
import { indented, paint } from './lines.ts';

const styles = { ok: 'green', warning: 'yellow', critical: 'red' } as const;
const stateWidth = 'critical'.length + 2;
const nameWidth = 'consistency'.length + 2;

/** The worst first: at night nobody reads on. */
export function describeHealth({ state, checks }: HealthResult): string {
  const order = ['critical', 'warning', 'ok'];
  const sorted = checks.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  return [...sorted.map(describeCheck), '', verdict(state, sorted), ''].join('\n');
}

function describeCheck({ name, state, says, remedy }: HealthResult['checks'][number]): string {
  const head = `${paint(styles[state], state.padEnd(stateWidth))}${name.padEnd(nameWidth)}`;
  const indent = stateWidth + nameWidth;
  const line = head + indented(says, indent);
  return remedy === '' ? line : `${line}\n${' '.repeat(indent)}${paint('bold', '→')} ${indented(remedy, indent + 2)}`;
}

function verdict(state: HealthResult['state'], checks: HealthResult['checks']): string {
  if (state === 'ok') return paint('green', 'All is well.');
  const named = checks.filter((check) => check.state === state).map(({ name }) => name);
  return paint(styles[state], `${state}: ${named.join(', ')}.`);
}
