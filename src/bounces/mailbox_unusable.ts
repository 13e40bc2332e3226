/** A mailbox that can't be read. The message is one line and never holds a password. */
export class MailboxUnusable extends Error {
  override name = 'MailboxUnusable';
}
