import type { Config } from '../config.ts';
import { createFirstAdmin } from '../database/access/create_first_admin.ts';
import { createPool } from '../database/pool.ts';
import { generatePassword, hashPassword } from '../server/access/passwords.ts';

/**
 * Where nobody can sign in yet: makes an admin and prints the password, to standard output, which no log goes to.
 * @param url as the server logs in
 */
export async function announceFirstAdmin({ ADMIN_EMAIL: email }: Pick<Config, 'ADMIN_EMAIL'>, url: string) {
  const role = 'postilion_authenticator';
  const pool = createPool({ connectionString: url, applicationName: 'postilion access', role, max: 1 });
  try {
    const password = generatePassword();
    const isFirst = await createFirstAdmin(pool, email, () => hashPassword(password));
    if (isFirst) process.stdout.write(announcement(email, password));
  } finally {
    await pool.end();
  }
}

const announcement = (email: string, password: string) => `
  The first start made an admin. This password is not shown again:

    address   ${email}
    password  ${password}

  A new one: mutation changePassword, or npm run postilion -- user reset-password ${email}

`;
