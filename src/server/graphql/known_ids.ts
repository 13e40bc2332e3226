// Rows by their ids, for those whose rights the rows' policies know. PostGraphile gives the ids of a list as one JSON array, and casts them
// beside the comparison. A cast may fail, and failures tell: before the policy was asked PostgreSQL compares nothing that could, so it would not
// use the index but ask the policy of every row there is. Behind "offset 0" the cast is done first, and what is left is a comparison of ids.
import type { PgClient } from 'postgraphile/@dataplan/pg';

const asPrinted = ' with ordinality as ids) as ';
const castFirst = ' with ordinality as ids offset 0) as ';

export function withKnownIds<T extends PgClient>(client: T): T {
  const query: T['query'] = (statement) => client.query({ ...statement, text: castingFirst(statement.text) });
  const withTransaction: PgClient['withTransaction'] = (work) =>
    client.withTransaction((inner) => work(withKnownIds(inner)));
  return { ...client, query, withTransaction };
}

function castingFirst(text: string): string {
  return text.replace(asPrinted, castFirst);
}
