// Does one Task's generation, or only its inserts, and reports time and peak memory to its parent.
import { loadConfig } from '../../src/config.ts';
import { generationPlan } from '../../src/database/generation/generation_plan.ts';
import { insertBatch } from '../../src/database/generation/insert_batch.ts';
import { readBatch } from '../../src/database/generation/read_batch.ts';
import { startGeneration } from '../../src/database/generation/start_generation.ts';
import { createPool } from '../../src/database/pool.ts';
import { loadSecret } from '../../src/database/secret.ts';
import { createLogger } from '../../src/log.ts';
import { type GenerationContext, generateTask } from '../../src/tasks/generate_sub_tasks.ts';
import { Mailing } from '../../src/tasks/mailing.ts';

const [what, taskId] = process.argv.slice(2);
if (taskId === undefined) throw new Error('expected: generate|insert <task>');
const config = loadConfig();
if (config.DATABASE_URL === undefined) throw new Error('expected DATABASE_URL');
const db = createPool({
  connectionString: config.DATABASE_URL,
  role: 'postilion_worker',
  applicationName: 'postilion bench',
});
const secret = await loadSecret(config, '');
const context: GenerationContext = {
  db,
  config,
  secret,
  log: createLogger({ LOG_LEVEL: 'warn' }),
  stopping: new AbortController().signal,
};

const ms = what === 'generate' ? await generating(context, taskId) : await inserting(context, taskId);
const rows = await countOf(taskId);
process.send?.({ rows, ms, peakRssMb: process.resourceUsage().maxRSS / 1024 }, () => process.disconnect());
await db.end();

async function generating(context: GenerationContext, taskId: string): Promise<number> {
  const startedAt = performance.now();
  await generateTask(context, taskId);
  return performance.now() - startedAt;
}

/** The sum of the inserts alone: each batch is rendered beforehand, off the clock. */
async function inserting({ config, secret }: GenerationContext, taskId: string): Promise<number> {
  await startGeneration(db, taskId, 250);
  const mailing = new Mailing(await generationPlan(db, taskId), config, secret.tracking);
  let ms = 0;
  for (let batch = await readBatch(db, taskId, -1); batch !== null; batch = await readBatch(db, taskId, batch.number)) {
    const rows = batch.contacts.map((contact) => mailing.render(contact));
    const startedAt = performance.now();
    await insertBatch(db, taskId, batch.number, rows);
    ms += performance.now() - startedAt;
  }
  return ms;
}

async function countOf(taskId: string): Promise<number> {
  const owner = createPool({ connectionString: config.DATABASE_URL ?? '', applicationName: 'postilion bench', max: 1 });
  const { rows } = await owner.query<{ count: number }>(
    'select count(*)::integer as count from app_public.sub_tasks where task_id = $1',
    [taskId],
  );
  await owner.end();
  return rows[0]?.count ?? 0;
}
