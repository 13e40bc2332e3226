import { Command } from 'commander';

export const explain = new Command('explain')
  .description("tell a mail's whole life: ledger, hand-over, events, verdicts")
  .argument('<mail>', 'the id of its SubTask, the beginning of it, or the address, of which the latest mail is meant')
  .option('--json', 'print it as one JSON object')
  .action(async (mail: string, { json = false }: { json?: boolean }) => {
    const { asOperator } = await import('./ops/as_operator.ts');
    const { explainSubTask, readHistory } = await import('../database/ops/history.ts');
    const { columns, paint } = await import('./ops/lines.ts');
    await asOperator('explain', async ({ db }) => {
      if (json) return void process.stdout.write(`${JSON.stringify(await readHistory(db, mail))}\n`);
      const lines = await explainSubTask(db, mail);
      const text = columns(lines.map(({ at, what, says }) => [at, what, says]));
      process.stdout.write(text.map((line, number) => `${number === 0 ? paint('bold', line) : line}\n`).join(''));
    });
  });
