// Subscribers of a subject are told together, and many of them ask the same. A statement that waits to be sent is joined by whoever asks the
// same with the same settings, hence the same rights: its answer is as fresh as if each had sent it. Once it is sent nobody joins any more.
import type { PgClientQuery, PgClientResult, WithPgClient } from 'postgraphile/@dataplan/pg';
import type { NodePostgresPgClient } from 'postgraphile/adaptors/pg';

type Lend = WithPgClient<NodePostgresPgClient>;
type Settings = Parameters<Lend>[0];

/** Of statements that wait for a connection and their settings, the answers to come. */
export class SharedReads {
  // biome-ignore lint/suspicious/noExplicitAny: what a row is, each caller knows for its own statement.
  readonly #waiting = new Map<string, Promise<PgClientResult<any>>>();

  /** Lends what can read, and nothing else. */
  sharing(lend: Lend): Lend {
    return async (settings, work) => work(this.#reader(lend, settings));
  }

  #reader(lend: Lend, settings: Settings): NodePostgresPgClient {
    return {
      query: (query) => this.#read(lend, settings, query),
      withTransaction: () => Promise.reject(new Error('a subscription only reads')),
      get rawClient(): never {
        throw new Error('a subscription shares its connection');
      },
    };
  }

  #read<R>(lend: Lend, settings: Settings, query: PgClientQuery): Promise<PgClientResult<R>> {
    const key = JSON.stringify([settings, query.text, query.values, query.arrayMode]);
    const joined = this.#waiting.get(key);
    if (joined !== undefined) return joined;
    const leave = () => {
      if (this.#waiting.get(key) === answer) this.#waiting.delete(key);
    };
    const answer = lend(settings, (client) => {
      leave();
      return client.query<R>(query);
    }).finally(leave);
    this.#waiting.set(key, answer);
    return answer;
  }
}
