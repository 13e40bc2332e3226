import { createEmailService, aService as serviceInput } from './operations.ts';
import type { TestServer } from './support.ts';
import { textAt } from './support.ts';

export interface ServiceWithPath {
  readonly id: string;
  /** The address its provider posts to. */
  readonly address: string;
  /** The secret in it. */
  readonly secret: string;
}

let number = 0;

/** A service made as a client makes it, with the path it was told. */
export async function aServiceWithPath({
  data,
  server,
}: Pick<TestServer, 'data' | 'server'>): Promise<ServiceWithPath> {
  const created = await data(createEmailServiceWithPath, { input: { ...serviceInput, name: `service ${++number}` } });
  const path = textAt(created, 'createEmailService.webhookPath');
  return {
    id: textAt(created, 'createEmailService.emailService.id'),
    address: server.url + path,
    secret: path.split('/').at(-1) ?? '',
  };
}

const createEmailServiceWithPath = createEmailService.replace('{ emailService', '{ webhookPath emailService');
