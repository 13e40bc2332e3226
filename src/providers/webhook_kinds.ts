// Tables from a provider's words to ours.
import type { MailEventKind } from './webhook_source.ts';

export type Kinds = Readonly<Record<string, MailEventKind>>;

/** null for a word that the table doesn't hold; what every object inherits is no word. */
export function kindIn(kinds: Kinds, said: string | null): MailEventKind | null {
  return said !== null && Object.hasOwn(kinds, said) ? (kinds[said] ?? null) : null;
}
