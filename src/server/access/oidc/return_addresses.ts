// Where a browser may be sent on to with a code. Whoever could choose freely would have other people's codes sent to themselves.

// It travels in a cookie, of which browsers keep 4,096 bytes.
const longest = 1_500;

/**
 * The address, if it is an allowed one's; its query and fragment are the client's own.
 * @param given as it stood in the query
 * @param allowed origins, of which every path is meant, and addresses with a path, of which this one is
 */
export function allowedReturn(given: unknown, allowed: readonly string[]): string | null {
  const address = typeof given === 'string' ? URL.parse(given) : null;
  if (address === null || address.href.length > longest) return null;
  // A name before the host looks like another host to people.
  const isPlain = address.username === '' && address.password === '';
  return isPlain && allowed.some((each) => covers(new URL(each), address)) ? address.href : null;
}

function covers(allowed: URL, { origin, pathname }: URL): boolean {
  return origin === allowed.origin && (allowed.pathname === '/' || pathname === allowed.pathname);
}

export function withCode(returnTo: string, code: string): string {
  const address = new URL(returnTo);
  address.searchParams.set('signInCode', code);
  return address.href;
}
