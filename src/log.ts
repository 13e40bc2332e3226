import pino, { type Logger } from 'pino';
import pretty from 'pino-pretty';
import type { Config } from './config.ts';

export type { Logger } from 'pino';

// Credentials never get here by design; these names are the net under a mistake.
const secretKeys = [
  'password',
  'currentPassword',
  'newPassword',
  'credentials',
  'apiKey',
  'authorization',
  'cookie',
  'secret',
  'sealed',
  'token',
  'accessToken',
  'refreshToken',
  'resetToken',
];

// A refused row, values and all: PostgreSQL tells it to whoever made the statement, and it is people's addresses.
const rowsInErrors = ['err.detail', 'error.detail'];

/** Logs to standard error, so that standard output is a command's answer: pretty on a terminal, JSON lines otherwise. */
export function createLogger(config: Pick<Config, 'LOG_LEVEL'>): Logger {
  const options = {
    level: config.LOG_LEVEL,
    base: null,
    redact: { paths: [...secretKeys.flatMap((key) => [key, `*.${key}`]), ...rowsInErrors], censor: '[hidden]' },
  };
  if (!process.stderr.isTTY) return pino(options, pino.destination({ dest: 2, sync: true }));
  return pino(
    options,
    pretty({ destination: 2, sync: true, colorize: true, translateTime: 'HH:MM:ss.l', ignore: 'pid,hostname' }),
  );
}
