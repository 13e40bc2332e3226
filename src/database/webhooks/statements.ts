/** What a verb needs of a connection: PostGraphile lends clients that know nothing else, and our pools know it, too. */
export interface Statements {
  query(statement: { text: string; values: unknown[] }): Promise<unknown>;
}
