// Does what a document says, step by step, as its reader would, and compares what comes back.
import { createClient } from 'graphql-ws';
import { type Block, type Step, stepsOf } from './blocks.ts';
import { differences, documentedAs } from './compare.ts';
import type { Examples } from './examples.ts';
import { jsonText } from './json_text.ts';

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** A bound for broken runs, no measure. */
const messageWithinMs = 90_000;

/** Replaces the text of blocks by what really came, instead of comparing. */
export type Rewrite = Map<Block, string>;

export class Reader {
  readonly #server: string;
  #examples: Examples;
  readonly #rewrite: Rewrite | null;
  #headers: Record<string, string> = {};

  /** @param server its address */
  constructor(server: string, examples: Examples, rewrite: Rewrite | null = null) {
    this.#server = server;
    this.#examples = examples;
    this.#rewrite = rewrite;
  }

  /** @throws Error that names the line where what came is not what is documented */
  async follow(blocks: readonly Block[]): Promise<void> {
    for (const step of stepsOf(blocks)) await this.#take(step);
  }

  async #take(step: Step): Promise<void> {
    const { request, answers } = step;
    if (request.info[0] === 'http') return this.#http(step);
    if (/^\s*subscription\b/m.test(request.text)) return this.#listen(step);
    const [answer, ...others] = answers;
    if (answer === undefined || others.length > 0) throw at(request, 'an operation has one answer');
    this.#compare(answer, await this.#ask(step));
  }

  async #ask({ request, variables }: Step): Promise<Answer> {
    const body = JSON.stringify({ query: request.text, variables: this.#variables(variables) });
    const response = await fetch(`${this.#server}/graphql`, { method: 'POST', headers: this.#headers, body });
    return { status: response.status, body: await response.json() };
  }

  #variables(block: Block | null): Record<string, unknown> {
    return block === null ? {} : JSON.parse(this.#examples.resolve(block.text));
  }

  /** A request by itself; one that no answer follows says how the next ones are made. */
  async #http({ request, answers: [answer] }: Step): Promise<void> {
    const { method, target, headers, body } = httpOf(this.#examples.resolve(request.text));
    if (answer === undefined) {
      this.#headers = headers;
      return;
    }
    const response = await fetch(new URL(target, this.#server), { method, headers, ...(body !== '' && { body }) });
    const text = await response.text();
    this.#compare(answer, { status: response.status, body: text === '' ? null : JSON.parse(text) });
  }

  async #listen({ request, variables, answers }: Step): Promise<void> {
    const client = createClient({
      url: `${this.#server.replace('http', 'ws')}/graphql`,
      retryAttempts: 0,
      connectionParams: { authorization: this.#headers['authorization'] },
    });
    const late = setTimeout(() => client.terminate(), messageWithinMs);
    const messages = client.iterate({ query: request.text, variables: this.#variables(variables) });
    try {
      for (const answer of answers) await this.#await(answer, messages);
    } finally {
      clearTimeout(late);
      await client.dispose();
    }
  }

  /** Passes messages over until the documented one comes. */
  async #await(answer: Block, messages: AsyncIterator<unknown>): Promise<void> {
    let found: string[] = ['no message came'];
    for (;;) {
      const next = await messages.next().catch((cause: unknown) => {
        throw at(answer, `this message never came; the last one: ${found.join('; ')}`, cause);
      });
      if (next.done) throw at(answer, `the subscription ended before this message: ${found.join('; ')}`);
      const learnt = this.#examples.copy();
      found = differences(JSON.parse(answer.text), next.value, learnt);
      if (found.length > 0) continue;
      this.#examples = learnt;
      return;
    }
  }

  #compare(answer: Block, { status, body }: Answer): void {
    const documented: unknown = JSON.parse(answer.text);
    const expected = Number(answer.info[2] ?? 200);
    if (status !== expected) throw at(answer, `the status is ${status}, ${JSON.stringify(body)}`);
    if (this.#rewrite !== null) {
      this.#rewrite.set(answer, jsonText(documentedAs(documented, body, this.#examples)));
      return;
    }
    const found = differences(documented, body, this.#examples);
    if (found.length > 0) throw at(answer, `this is not the answer:\n  ${found.join('\n  ')}`);
  }
}

function at({ line }: Block, message: string, cause?: unknown): Error {
  return new Error(`line ${line}: ${message}`, { cause });
}

/** A request as RFC 9112 writes it, of which the header's names are in small letters. */
function httpOf(text: string) {
  const [head = '', ...rest] = text.split('\n\n');
  const [first = '', ...lines] = head.split('\n');
  const [method = '', target = ''] = first.split(' ');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { method, target, headers, body: rest.join('\n\n') };
}
