// An installation as `npm start` makes one, with the simulator for a provider: server, worker, database and an admin.
import { after } from 'node:test';
import { pino } from 'pino';
import { loadConfig } from '../../src/config.ts';
import { createUser } from '../../src/database/access/create_user.ts';
import { loadSecret } from '../../src/database/secret.ts';
import { generatePassword, hashPassword } from '../../src/server/access/passwords.ts';
import { type ServerOptions, startServer } from '../../src/server/app.ts';
import { type Simulator, startSimulator } from '../../src/simulator/server.ts';
import { supervisorOn, testSecret } from '../support/campaign.ts';
import { createTestDatabase } from '../support/database.ts';

export interface Installation {
  readonly url: string;
  readonly simulator: Simulator;
  readonly admin: { readonly email: string; readonly password: string };
}

/** Until the tests of the suite are done. */
export async function startInstallation(more: Pick<ServerOptions, 'now'> = {}): Promise<Installation> {
  await using opened = new AsyncDisposableStack();
  const database = opened.adopt(await createTestDatabase(), ({ close }) => close());
  const config = loadConfig({ NODE_ENV: 'test' });
  const secret = await loadSecret({ POSTILION_SECRET: testSecret }, '');
  const log = pino({ level: 'silent' });
  const server = opened.adopt(await startServer({ config, url: database.url, secret, log, port: 0, ...more }), (it) =>
    it.close(),
  );
  const simulator = opened.adopt(await startSimulator(), (it) => it.close());
  const worker = opened.adopt(supervisorOn(database.url), (it) => it.stop());
  await worker.ready;
  const [email, password] = [config.ADMIN_EMAIL, generatePassword()];
  const passwordHash = await hashPassword(password);
  await createUser(database.pool, { email, name: 'Admin', passwordHash, isAdmin: true });
  const kept = opened.move();
  after(() => kept.disposeAsync());
  return { url: server.url, simulator, admin: { email, password } };
}
