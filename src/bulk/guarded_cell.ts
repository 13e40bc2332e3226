// A spreadsheet takes a cell that begins with one of these for a formula, and a formula can send what it reads elsewhere. So such cells are
// written with an apostrophe before them, which a spreadsheet shows as text, and read without it. One more is added to what has some
// already, so that every value comes back as it was.
import { APOSTROPHE } from './bytes.ts';

const formula = /^'*[=+\-@\t\r]/;

export function guarded(cell: string): string {
  return formula.test(cell) ? `'${cell}` : cell;
}

/** @returns where the value of a cell begins, behind its guard */
export function behindGuard(bytes: Buffer, start: number, end: number): number {
  if (start >= end || bytes[start] !== APOSTROPHE) return start;
  let at = start + 1;
  while (at < end && bytes[at] === APOSTROPHE) at++;
  return at < end && beginsFormula(bytes[at] ?? 0) ? start + 1 : start;
}

function beginsFormula(byte: number): boolean {
  return byte === 0x3d || byte === 0x2b || byte === 0x2d || byte === 0x40 || byte === 0x09 || byte === 0x0d;
}
