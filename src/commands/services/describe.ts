import { type Finding, findingStates } from '../../domains/finding.ts';
import { indented, paint } from '../ops/lines.ts';
import type { DomainCheckLine, Looked } from './look.ts';

const styles = { ok: 'green', unknown: 'gray', warning: 'yellow', bad: 'red' } as const;
const words = { ok: 'ok', unknown: 'unknown', warning: 'warning', bad: 'wrong' } as const;
const subjects = { spf: 'SPF', dkim: 'DKIM', dmarc: 'DMARC', return_path: 'bounces', tracking: 'links' } as const;
const stateWidth = 'warning'.length + 2;
const subjectWidth = 'bounces'.length + 2;

/** A service and its domain, then what was found, what is missing last. */
export function describeCheck({ service, domain, findings }: DomainCheckLine): string {
  const order = (state: Finding['state']) => findingStates.indexOf(state);
  const lines = findings
    .toSorted((a, b) => order(a.state) - order(b.state))
    .map((finding) => describe(finding, domain));
  return `${paint('bold', service)}  ${domain}\n${lines.join('')}\n`;
}

function describe({ subject, name, state, says, remedy }: Finding, domain: string): string {
  const indent = 2 + stateWidth + subjectWidth;
  const head = `  ${paint(styles[state], words[state].padEnd(stateWidth))}${subjects[subject].padEnd(subjectWidth)}`;
  const sentence = name === domain || says.includes(name) ? says : `${name}: ${says}`;
  const line = `${head}${indented(sentence, indent)}\n`;
  return remedy === '' ? line : `${line}${' '.repeat(indent)}${paint('bold', '→')} ${indented(remedy, indent + 2)}\n`;
}

export function verdict({ checks, exitCode }: Looked): string {
  if (checks.length === 0) return 'There is no service that is switched on.\n';
  if (exitCode === 0) return `${paint('green', 'Nothing is missing.')}\n`;
  if (exitCode === 2) return `${paint('yellow', 'Something could not be asked; nothing is known to be missing.')}\n`;
  const named = checks.filter(({ state }) => state === 'bad').map(({ service }) => service);
  return `${paint('red', `Records are missing or wrong: ${named.join(', ')}.`)}\n`;
}
