import { Command } from 'commander';
import type { ServiceLine } from '../../database/ops/read_services.ts';
import { minute, table } from '../table.ts';

export const listServices = new Command('list')
  .description('what each does, what it may send today still, and how its sending domain was')
  .option('--json', 'as one JSON array')
  .action(async ({ json }: { json?: true }) => {
    const { asOperator } = await import('../ops/as_operator.ts');
    const { readServices } = await import('../../database/ops/read_services.ts');
    const found = await asOperator('services', ({ db }) => readServices(db));
    process.stdout.write(json ? `${JSON.stringify(found)}\n` : table(found.map(shown)));
  });

const inWords = { ok: 'in order', unknown: 'not to be asked', warning: 'in order, almost', bad: 'RECORDS MISSING' };

function shown({ name, provider, domain, state, quotaLeft, accepted, domainState, checkedAt }: ServiceLine) {
  return {
    service: name,
    provider,
    state,
    left: quotaLeft === null ? null : String(quotaLeft),
    ok: `${Math.round(accepted * 100)} %`,
    domain,
    records: domainState === null ? 'never looked at' : inWords[domainState],
    looked: checkedAt === null ? null : minute(checkedAt),
  };
}
