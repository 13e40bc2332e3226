import { Fault } from '../server/errors.ts';

/** Of a file that can not be read at all, and of what was said of it. @param field where one part of the request is at fault */
export function unreadable(
  message: string,
  field?: 'file' | 'map' | 'tags' | 'delimiter',
  options?: ErrorOptions,
): Fault {
  return new Fault('BADIN', `${field ?? 'file'}: ${message}`, options);
}
