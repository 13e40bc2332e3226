import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { z } from 'zod';
import { networkOf } from './network.ts';
import { Turns } from './turns.ts';

// OWASP's memory for a single pass (46 MiB), passed over twice: 80 ms of one core. The library's default is argon2id.
const cost = { memoryCost: 47_104, timeCost: 2, parallelism: 1 };

// 46 MiB and a thread of libuv's four each; files and DNS need threads, too.
// One network's may not keep all the others out.
const turns = new Turns(2, 200, 20);

// Of a password nobody has, with the same cost, so that an unknown account takes as long as a known one.
const nobodys = `$argon2id$v=19$m=${cost.memoryCost},t=${cost.timeCost},p=${cost.parallelism}$${unpadded(16)}$${unpadded(32)}`;

function unpadded(bytes: number): string {
  return randomBytes(bytes).toString('base64').replace(/=+$/, '');
}

/** Length is what makes a password hard to guess; the bound only keeps out what no person types. */
export const newPassword = z
  .string()
  .min(10, 'expected 10 characters or more')
  .max(200, 'expected 200 characters or fewer');

/**
 * @param address whose request it is; absent: nobody's who came over the network
 * @returns the argon2id hash, with its salt and cost
 * @throws Fault UNAVL when too many passwords are being looked at
 */
export function hashPassword(password: string, address: string | null = null): Promise<string> {
  return turns.run(() => hash(password, cost), whose(address));
}

/**
 * Whether the hash is this password's; with none the answer is no, and takes as long.
 * @throws Fault UNAVL when too many passwords are being looked at
 */
export async function isPassword(
  password: string,
  passwordHash: string | null,
  address: string | null = null,
): Promise<boolean> {
  const matches = await turns.run(() => verify(passwordHash ?? nobodys, password), whose(address));
  return matches && passwordHash !== null;
}

function whose(address: string | null): string | null {
  return address === null ? null : networkOf(address);
}

/** One to print or hand over once. */
export function generatePassword(): string {
  return randomBytes(15).toString('base64url');
}
