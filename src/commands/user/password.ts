import { z } from 'zod';
import { parseInput } from '../../server/access/input.ts';
import { generatePassword, hashPassword, newPassword } from '../../server/access/passwords.ts';
import { askSecretly } from '../secret_prompt.ts';

export interface ChosenPassword {
  readonly hash: string;
  /** To be printed, once; null: who typed it knows it. */
  readonly generated: string | null;
}

/** @throws Fault BADIN when it is too short */
export async function choosePassword(generate: boolean): Promise<ChosenPassword> {
  const password = generate ? generatePassword() : await askSecretly('New password: ');
  parseInput(z.object({ password: newPassword }), { password });
  return { hash: await hashPassword(password), generated: generate ? password : null };
}
