import { Command } from 'commander';
import { openInstallation } from './open.ts';

const everything = 1_000_000;

export const rotateSecret = new Command('rotate-secret')
  .description(
    'seal anew with POSTILION_SECRET what POSTILION_PREVIOUS_SECRETS sealed; exits with 1 when some of it does not open',
  )
  .option('--json', 'print the result as one JSON object')
  .action(async ({ json }: { json?: true }) => {
    const { createPool } = await import('../database/pool.ts');
    const { sealedOtherwise } = await import('../database/keys/sealed_otherwise.ts');
    const { keyIdOf } = await import('../database/sealed.ts');
    const { resealAll } = await import('./rotate_secret/reseal_all.ts');
    const { rotationBar } = await import('./rotate_secret/progress.ts');
    await using opened = new AsyncDisposableStack();
    const { secret, url, close } = await openInstallation();
    opened.defer(close);
    const db = createPool({ connectionString: url, max: 1, applicationName: 'postilion rotate-secret' });
    opened.defer(() => db.end());
    const total = (await sealedOtherwise(db, keyIdOf(secret.encryption), [], everything)).length;
    const bar = opened.adopt(rotationBar(total), ({ stop }) => stop());
    const { resealed, closed } = await resealAll(db, secret, bar.done);
    bar.stop();
    process.stdout.write(json ? `${JSON.stringify({ total, resealed, closed })}\n` : `${described(total, resealed)}\n`);
    for (const id of closed) process.stderr.write(`postilion: ${id} opens with none of the secrets that are known\n`);
    if (closed.length > 0) process.exitCode = 1;
  });

function described(total: number, resealed: number): string {
  return total === 0
    ? 'everything bears the present key.'
    : `sealed ${resealed} of ${total} anew with the present key.`;
}
