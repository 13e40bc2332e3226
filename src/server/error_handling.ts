import { randomUUID } from 'node:crypto';
import type Koa from 'koa';
import type { Logger } from 'pino';
import { publicFault, TooOften } from './errors.ts';

const graphqlPath = '/graphql';

interface Answer {
  status: number;
  code: string;
  message: string;
  /** Names the line of the log that says what happened. */
  id?: string;
}

/** Turns whatever a later step throws into a JSON answer. */
export function installErrorHandling(app: Koa, log: Logger): void {
  // What breaks after an answer was begun, most often a client that went away.
  app.on('error', (error) => log.debug({ err: error }, 'an answer could not be completed'));
  app.use(async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const { status, ...body } = answerTo(error, log);
      ctx.status = status;
      ctx.body = ctx.path === graphqlPath ? asGraphql(body) : body;
      if (error instanceof TooOften) ctx.set('Retry-After', String(error.retryAfterSeconds));
      if (status === 503 && ctx.response.get('Retry-After') === '') ctx.set('Retry-After', '1');
    }
  });
}

/** GraphQL's clients read nothing else there. */
function asGraphql({ message, ...extensions }: Omit<Answer, 'status'>) {
  return { errors: [{ message, extensions }] };
}

function answerTo(error: unknown, log: Logger): Answer {
  const refused = refusalOf(error);
  if (refused !== null) return refused;
  const fault = publicFault(error);
  if (fault !== null) return { status: fault.status, code: fault.code, message: fault.message };
  const id = randomUUID();
  log.error({ err: error, errorId: id }, 'a request failed');
  return { status: 500, code: 'INTNL', message: 'internal error', id };
}

/** Errors of the HTTP layer bring their status; below 500 the caller is at fault and may read the message. */
function refusalOf(error: unknown): Answer | null {
  if (!(error instanceof Error) || !('status' in error)) return null;
  const { status, message } = error;
  return typeof status === 'number' && status >= 400 && status < 500 ? { status, code: 'BADIN', message } : null;
}
