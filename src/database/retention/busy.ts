import { codeOf } from '../error_code.ts';

/** Whether a statement gave up because it would have had to wait for a lock. */
export function isBusy(error: unknown): boolean {
  return codeOf(error) === '55P03';
}
