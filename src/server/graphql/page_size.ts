// Every list has a bound, so that no request can ask for a million rows by leaving out a number.
import { Fault } from '../errors.ts';

export const usualPage = 100;
export const mostOfPage = 1000;

/** How many rows `first` asks for. @throws BADIN when it is none that a page may have */
export function pageSize(first: unknown): number {
  if (first === null || first === undefined) return usualPage;
  if (typeof first === 'number' && first >= 0 && first <= mostOfPage) return first;
  throw new Fault('BADIN', `first: expected a number from 0 to ${mostOfPage}`);
}
