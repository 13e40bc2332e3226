// What stands in a document for what is another each time. An example is itself a value of the kind it stands for: an id, a time, or
// something long and opaque with "…" for most of it. What came at its place the first time is meant wherever it stands again; of a time,
// that it came is all that is asked.

const id = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)$/;

export class Examples {
  readonly #meant: Map<string, string>;

  /** @param known what is meant by an example from the beginning */
  constructor(known: Iterable<readonly [string, string]> = []) {
    this.#meant = new Map(known);
  }

  copy(): Examples {
    return new Examples(this.#meant);
  }

  /** The text with what is meant in place of examples. */
  resolve(text: string): string {
    const longestFirst = [...this.#meant].sort(([a], [b]) => b.length - a.length);
    return longestFirst.reduce((done, [example, meant]) => done.replaceAll(example, () => meant), text);
  }

  /** The text with examples in place of what is meant. */
  asDocumented(text: string): string {
    const longestFirst = [...this.#meant].sort(([, a], [, b]) => b.length - a.length);
    return longestFirst.reduce((done, [example, meant]) => done.replaceAll(meant, () => example), text);
  }

  /** Whether what came may stand where the document says this; from then on it is what the document means. */
  accepts(documented: string, given: string): boolean {
    if (this.resolve(documented) === given) return true;
    if (!isExampleOf(documented, given)) return false;
    if (this.#meant.has(documented)) return time.test(given);
    if (id.test(given) && [...this.#meant.values()].includes(given)) return false;
    this.#meant.set(documented, given);
    return true;
  }
}

function isExampleOf(documented: string, given: string): boolean {
  for (const kind of [id, time]) if (kind.test(documented)) return kind.test(given);
  const [head = '', tail] = documented.split('…');
  return tail !== undefined && given.startsWith(head) && given.endsWith(tail);
}
