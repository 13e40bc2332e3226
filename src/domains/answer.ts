/**
 * What the DNS says of a name. none: it says for certain that there is no such record; unknown: it could not be asked, so nothing is known, and
 * nothing must be called missing.
 */
export type Answer<Data> =
  | { readonly state: 'found'; readonly records: readonly Data[] }
  | { readonly state: 'none' }
  | { readonly state: 'unknown'; readonly why: string };

export interface MailExchange {
  readonly exchange: string;
  readonly priority: number;
}

/** The name as it is compared: in lower case, without the dot at its end. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
