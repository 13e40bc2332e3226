import { Command } from 'commander';
import { acknowledgeAlert, alertsBeginning } from '../../database/alerts/acknowledge_alert.ts';
import type { Queryable } from '../../database/pool.ts';
import { Fault } from '../../server/errors.ts';
import { withInstallationDatabase } from '../with_database.ts';

export const acknowledge = new Command('ack')
  .description('say that you have seen an alert: it is told again only when it becomes worse')
  .argument('<id>', 'or its beginning')
  .option('--json', 'print what was done as one JSON object')
  .action(async (asked: string, { json }: { json?: true }) => {
    const id = await withInstallationDatabase('postilion alerts', async (db) => {
      const found = await alertNamed(db, asked);
      await acknowledgeAlert(db, found);
      return found;
    });
    process.stdout.write(json ? `${JSON.stringify({ id })}\n` : `Acknowledged ${id}.\n`);
  });

/** @param asked an id, or four letters of its beginning. @throws Fault BADIN, NTFND */
async function alertNamed(db: Queryable, asked: string): Promise<string> {
  if (!/^[0-9a-f-]{4,36}$/i.test(asked))
    throw new Fault('BADIN', `${JSON.stringify(asked)} is no id of an alert, nor its beginning`);
  const [found, another] = await alertsBeginning(db, asked);
  if (found === undefined) throw new Fault('NTFND', `no open alert has an id that begins with ${asked}`);
  if (another !== undefined) throw new Fault('BADIN', `several open alerts have ids that begin with ${asked}`);
  return found;
}
