/** No database to work with. The message is one line, says what to do about it, and never holds a password. */
export class DatabaseUnusable extends Error {
  override name = 'DatabaseUnusable';
}
