// A process that migrates when told to and reports what it changed.
import { migrate } from '../../src/database/migrate.ts';

const [url = '', migrationsDir = '', functionsDir = ''] = process.argv.slice(2);
process.once('message', async () => {
  process.send?.(await migrate({ url, migrationsDir, functionsDir }));
  process.disconnect();
});
process.send?.('ready');
