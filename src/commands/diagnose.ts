import { Command } from 'commander';

export const diagnose = new Command('diagnose')
  .description('say where a Task stands, what is wrong with it, and what to do')
  .argument('<task>', 'its id, the beginning of its id, or its name')
  .option('--json', 'print the diagnosis as one JSON object')
  .action(async (task: string, { json = false }: { json?: boolean }) => {
    const { asOperator } = await import('./ops/as_operator.ts');
    const { diagnoseTask, readDiagnosis } = await import('../database/ops/diagnosis.ts');
    const { describeDiagnosis } = await import('./ops/describe_diagnosis.ts');
    await asOperator('diagnose', async ({ db }) => {
      const text = json
        ? `${JSON.stringify(await readDiagnosis(db, task))}\n`
        : describeDiagnosis(await diagnoseTask(db, task));
      process.stdout.write(text);
    });
  });
