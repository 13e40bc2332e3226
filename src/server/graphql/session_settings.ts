// A request's settings stay with the connection until another request's are needed. Settings of a transaction cost each read three further
// statements (begin, set_config, commit): a third of what the list of Tasks took.
import type { PgClient, WithPgClient } from 'postgraphile/@dataplan/pg';
import { withKnownIds } from './known_ids.ts';

type Settings = Readonly<Record<string, string | undefined>>;

/** What was set in each session, as text; none: nothing yet, or nobody knows. */
const known = new WeakMap<object, string>();

/**
 * Runs each statement by itself, in a session that is who asks; what must be several statements at once asks for a transaction.
 * @throws Error for settings with other names than those before: one of them would be left to somebody else
 */
export function inSession<T extends PgClient>(withPgClient: WithPgClient<T>): WithPgClient<T> {
  const wrapped: WithPgClient<T> = (settings, work) =>
    withPgClient(null, async (client) => {
      await become(client, settings ?? {});
      return work(withKnownIds(client));
    });
  if (withPgClient.release) wrapped.release = withPgClient.release;
  return wrapped;
}

async function become(client: PgClient, settings: Settings): Promise<void> {
  const session: object = Object(Object(client).rawClient);
  const wanted = JSON.stringify(settings);
  const present = known.get(session);
  if (present === wanted) return;
  if (present !== undefined && namesIn(present) !== namesIn(wanted)) throw new Error('a setting would be left behind');
  // Until it is done nobody knows: one statement, so that it is done as a whole or not at all.
  known.delete(session);
  await client.query({
    text: 'select set_config(key, value, false) from json_each_text($1)',
    values: [wanted],
    name: 'become',
  });
  known.set(session, wanted);
}

function namesIn(settings: string): string {
  return Object.keys(JSON.parse(settings)).sort().join(' ');
}
