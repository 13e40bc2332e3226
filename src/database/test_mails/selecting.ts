/** What a question needs of a connection: PostGraphile lends clients that know nothing else, and our pools know it, too. */
export interface Selecting {
  query<Row extends object>(statement: { text: string; values: unknown[] }): Promise<{ readonly rows: readonly Row[] }>;
}
