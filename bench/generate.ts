// Stage 1: how many SubTasks a second, of what inserting the same rows without rendering gives, and how much memory it takes.
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import { childEnvironment } from '../src/config.ts';
import { runnerArguments } from '../src/worker/child.ts';
import { type BenchDatabase, openBenchDatabase } from './support/database.ts';
import { aMailing } from './support/mailing.ts';
import { machine, type Report, say } from './support/report.ts';

const measured = z.object({ rows: z.number(), ms: z.number(), peakRssMb: z.number() });
type Measured = z.infer<typeof measured>;

/** Ratio and memory for `recipients`, and the memory again for three times as many. */
export async function generate({ recipients }: { recipients: number }): Promise<Report> {
  const database = await openBenchDatabase();
  try {
    say(`${recipients.toLocaleString('en')} recipients: generating`);
    const { taskId, contactsMs } = await aMailing(database.pool, recipients);
    say(`  contacts in ${Math.round(contactsMs)} ms`);
    const rendered = await inProcessOfItsOwn(database, 'generate', taskId);
    say('  the same rows, inserted without rendering');
    const again = await aMailing(database.pool, recipients);
    const inserted = await inProcessOfItsOwn(database, 'insert', again.taskId);
    say(`${(3 * recipients).toLocaleString('en')} recipients: generating`);
    const large = await aMailing(database.pool, 3 * recipients);
    const thrice = await inProcessOfItsOwn(database, 'generate', large.taskId);
    return { machine: machine(database.facts), figures: figures(rendered, inserted, thrice) };
  } finally {
    await database.close();
  }
}

function figures(rendered: Measured, inserted: Measured, thrice: Measured): Report['figures'] {
  const value = rate(rendered);
  const limit = rate(inserted);
  const growth = thrice.peakRssMb / rendered.peakRssMb;
  return {
    generated: { value, unit: 'rows/s', limit, ratio: value / limit, goal: 'ratio ≥ 0.5', met: value / limit >= 0.5 },
    generatedThrice: { value: rate(thrice), unit: 'rows/s', goal: 'reported', met: true },
    peakRss: { value: rendered.peakRssMb, unit: 'MB', goal: '≤ 250 MB', met: rendered.peakRssMb <= 250 },
    peakRssThrice: {
      value: thrice.peakRssMb,
      unit: 'MB',
      limit: rendered.peakRssMb,
      ratio: growth,
      goal: '≤ 1.1 × that of a third of the recipients',
      met: growth <= 1.1,
    },
  };
}

const rate = ({ rows, ms }: Measured) => (rows / ms) * 1_000;

/** A process of its own, so that its memory is that of the job alone. */
function inProcessOfItsOwn(database: BenchDatabase, what: 'generate' | 'insert', taskId: string): Promise<Measured> {
  const child = fork(join(import.meta.dirname, 'support', 'generation_process.ts'), [what, taskId], {
    env: childEnvironment({
      DATABASE_URL: database.url,
      POSTILION_SECRET: 'a secret for the benchmark alone, of no value',
    }),
    execArgv: runnerArguments,
  });
  const { promise, resolve, reject } = Promise.withResolvers<Measured>();
  child.on('message', (message) => resolve(measured.parse(message)));
  child.on('exit', (code) => reject(new Error(`the measuring process ended with ${code}`)));
  return promise;
}
