import { columns, indented, paint } from '../ops/lines.ts';
import type { ConfigResult } from './examine.ts';
import type { InForce } from './in_force.ts';
import { type Trial, trialStates } from './trial.ts';

const styles = { ok: 'green', skipped: 'gray', warning: 'yellow', failed: 'red' } as const;
const stateWidth = 'warning'.length + 2;

/** What is in force first, what came of it last: that is what one looks for. */
export function describeConfig({ values, checks, ok }: ConfigResult): string {
  const nameWidth = Math.max(...checks.map(({ name }) => name.length)) + 2;
  const found = checks.toSorted((a, b) => trialStates.indexOf(a.state) - trialStates.indexOf(b.state));
  return [
    ...columns(values.map(line)),
    ...(values.length > 0 ? [''] : []),
    ...found.map((check) => describeTrial(check, nameWidth)),
    '',
    verdict(ok, checks),
    '',
  ].join('\n');
}

function line({ key, value, source, file }: InForce): string[] {
  return [key, value ?? '–', value === null || value === 'not set' ? '' : (file ?? source)];
}

function describeTrial({ name, state, says, remedy }: Trial, nameWidth: number): string {
  const indent = stateWidth + nameWidth;
  const head = `${paint(styles[state], state.padEnd(stateWidth))}${name.padEnd(nameWidth)}${indented(says, indent)}`;
  return remedy === '' ? head : `${head}\n${' '.repeat(indent)}${paint('bold', '→')} ${indented(remedy, indent + 2)}`;
}

function verdict(ok: boolean, checks: readonly Trial[]): string {
  const named = checks.filter(({ state }) => state === 'failed').map(({ name }) => name);
  return ok
    ? paint('green', 'The configuration can be used.')
    : paint('red', `It can not be used: ${named.join(', ')}.`);
}
