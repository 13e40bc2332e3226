// Keys that are set and mean nothing to us, but look as if they were meant to.

export interface NearMiss {
  readonly key: string;
  readonly says: string;
}

/** Shorter names are too often near another by chance: HOME and HOST. */
const shortestName = 7;
const mostEdits = 2;
const ownPrefix = 'POSTILION_';

/**
 * @param names that are set
 * @param keys that are known
 * @param files keys that may come from a file by `<key>_FILE`
 */
export function nearMisses(names: readonly string[], keys: readonly string[], files: readonly string[]): NearMiss[] {
  const known = [...keys, ...files.map((key) => `${key}_FILE`)];
  return names
    .filter((name) => !known.includes(name))
    .flatMap((key) => {
      const says = fromFile(key, keys) ?? misspelled(key, known);
      return says === null ? [] : [{ key, says }];
    });
}

function fromFile(name: string, keys: readonly string[]): string | null {
  const key = name.replace(/_FILE$/, '');
  if (key === name || !keys.includes(key)) return null;
  return `only secrets are read from files; set ${key}`;
}

function misspelled(name: string, known: readonly string[]): string | null {
  const nearest = nearestOf(name.toUpperCase(), known);
  if (nearest !== null) return `did you mean ${nearest}?`;
  return name.startsWith(ownPrefix) ? 'there is no such key' : null;
}

function nearestOf(name: string, known: readonly string[]): string | null {
  if (name.length < shortestName) return null;
  const [nearest] = known
    .filter((key) => key.length >= shortestName && Math.abs(key.length - name.length) <= mostEdits)
    .map((key) => ({ key, edits: editsBetween(name, key) }))
    .filter(({ edits }) => edits <= mostEdits)
    .toSorted((a, b) => a.edits - b.edits);
  return nearest?.key ?? null;
}

/** How many letters have to be put in, taken out or replaced (Levenshtein). */
function editsBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [line, letter] of [...from].entries()) {
    const above = row;
    row = [line + 1];
    for (const [column, other] of [...to].entries())
      row.push(
        Math.min(
          (above[column + 1] ?? 0) + 1,
          (row[column] ?? 0) + 1,
          (above[column] ?? 0) + (letter === other ? 0 : 1),
        ),
      );
  }
  return row.at(-1) ?? 0;
}
