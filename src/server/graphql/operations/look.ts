import { loadOneWithPgClient, type PgClient, type PgExecutor } from 'postgraphile/@dataplan/pg';
import type { Step } from 'postgraphile/grafast';
import { z } from 'zod';

/**
 * What a function that answers with JSON found.
 * @param text of a statement with one column, `found`
 * @param $values what it is asked with
 */
export function look<T>(
  executor: PgExecutor,
  text: string,
  $values: Step<readonly unknown[]>,
  shape: z.ZodType<T>,
): Step<T> {
  const answer = z.tuple([z.object({ found: shape })]);
  const ask = async (client: PgClient, values: readonly unknown[]) => {
    const { rows } = await client.query<unknown>({ text, values: [...values] });
    return answer.parse(rows)[0].found;
  };
  return loadOneWithPgClient(executor, $values, async (client, asked: readonly (readonly unknown[])[]) => {
    // One after the other: a connection does one thing at a time.
    const found: T[] = [];
    for (const values of asked) found.push(await ask(client, values));
    return found;
  });
}
