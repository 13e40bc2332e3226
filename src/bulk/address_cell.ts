// An address in the form that the database keeps it in: small letters, no blanks around it. The rule for plain ASCII is app_hidden.is_address's
// (a test compares the two); what has other letters is left to the database, which knows their small ones.
import { QUOTE, SPACE, TAB } from './bytes.ts';
import type { CopyText } from './copy_text.ts';
import type { CsvRecord } from './csv_record.ts';
import type { Refusal } from './faults.ts';
import { behindGuard } from './guarded_cell.ts';

const AT = 0x40;
const DELETE = 0x7f;
const longestLocalPart = 64;
const longestDomain = 255;

export const notAnAddress = 'this is not an address';
const missing: Refusal = { reason: 'the address is missing' };
const impossible: Refusal = { reason: notAnAddress };

export function writeAddress(record: CsvRecord, field: number, out: CopyText): Refusal | null {
  const { buffer } = record;
  let end = record.endOf(field);
  let start = behindGuard(buffer, record.startOf(field), end);
  while (start < end && isBlank(buffer[start])) start++;
  while (end > start && isBlank(buffer[end - 1])) end--;
  if (start === end) return missing;
  return writeSmall(buffer, start, end, record.isDoubled(field), out) ? null : impossible;
}

function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB;
}

/** @returns whether it can be an address */
function writeSmall(bytes: Buffer, start: number, end: number, isDoubled: boolean, out: CopyText): boolean {
  let localPart = -1;
  let length = 0;
  let isAscii = true;
  for (let at = start; at < end; at++, length++) {
    const byte = bytes[at] ?? 0;
    if (byte <= SPACE || byte === DELETE || (byte === AT && localPart >= 0)) return false;
    if (byte === AT) localPart = length;
    if (byte > DELETE) isAscii = false;
    if (byte === QUOTE && isDoubled) at++;
    out.escaped(byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte);
  }
  const domain = length - localPart - 1;
  return localPart > 0 && domain > 0 && (!isAscii || (localPart <= longestLocalPart && domain <= longestDomain));
}
