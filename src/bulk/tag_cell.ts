// Several tags in one cell, between ; or |. A backslash takes what follows it literally, where it would mean something.
export const longestTag = 100;

/** The tags of a cell, each once, in order. */
export function tagsIn(cell: string): string[] {
  const tags = new Set<string>();
  for (const [piece] of cell.matchAll(/(?:\\[;|\\ \t]|[^;|])+/g)) {
    const tag = trimmed(piece).replace(/\\([;|\\ \t])/g, '$1');
    if (tag !== '') tags.add(tag);
  }
  return [...tags].sort();
}

/** Blanks around it are nobody's, but for those behind a backslash. */
function trimmed(piece: string): string {
  const [body = ''] = /^(?:\\[;|\\ \t]|[^ \t]|[ \t]+(?=[^ \t]))*/.exec(piece.replace(/^[ \t]+/, '')) ?? [];
  return body;
}

/** The cell that holds these tags; an empty one is left out, since no cell can hold it. */
export function tagCell(tags: readonly string[]): string {
  return tags
    .filter((tag) => tag !== '')
    .map((tag) => tag.replace(/[;|\\]|^[ \t]+|[ \t]+$/g, (found) => found.replace(/./gs, '\\$&')))
    .join(';');
}

/** Tags as PostgreSQL writes an array. */
export function arrayLiteral(tags: readonly string[]): string {
  return `{${tags.map((tag) => `"${tag.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}

/** Tags between commas, each once. */
export function tagList(given: readonly string[]): string[] {
  const tags = given.flatMap((list) => list.split(',')).map((tag) => tag.trim());
  return [...new Set(tags.filter((tag) => tag !== ''))];
}
