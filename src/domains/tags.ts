/**
 * The tags of a DKIM or DMARC record: `v=DKIM1; k=rsa; p=…` (RFC 6376, 3.2). Names in lower case.
 * @returns null where it is no such list
 */
export function tagsOf(record: string): ReadonlyMap<string, string> | null {
  const tags = new Map<string, string>();
  for (const part of record.split(';').map((each) => each.trim())) {
    if (part === '') continue;
    const [, name, value] = /^([a-z][a-z0-9_]*)\s*=\s*(.*)$/is.exec(part) ?? [];
    if (name === undefined || value === undefined || tags.has(name.toLowerCase())) return null;
    tags.set(name.toLowerCase(), value.trim());
  }
  return tags;
}
