import { type PgClient, sideEffectWithPgClientTransaction } from 'postgraphile/@dataplan/pg';
import { access, context, object } from 'postgraphile/grafast';
import { extendSchema } from 'postgraphile/utils';
import { providers } from '../../providers/registry.ts';
import { createEmailService, firstWebhookPath, parseNewEmailService } from './new_email_service.ts';
import { resourceNamed } from './resources.ts';

const typeDefs = (intervalMs: number) => /* GraphQL */ `
  extend type Mutation {
    "Creates a service. Raises BADIN, naming the field; for credentials, which of them are missing."
    createEmailService(input: CreateEmailServiceInput!): CreateEmailServicePayload
  }

  input CreateEmailServiceInput {
    name: String!
    "One of: ${[...providers.keys()].join(', ')}."
    provider: String!
    "The sending domain: mails come from <name of the sender>@<domain>."
    domain: String!
    "Root of the provider's API; absent: the provider's own."
    baseUrl: String
    "Origin of the tracking links in mails this service sends; absent: the installation's."
    trackingBaseUrl: String
    """
    smtp only: the mailbox that bounces go to, such as bounces@example.com. It must take mail for bounces+anything@example.com;
    "postilion bounces" reads it. Absent: bounces go to the sender's address, and nobody reads them.
    """
    bounceAddress: String
    "Milliseconds between the end of one hand-over and the next (a paced service, strictly one at a time); 0: rated, maxInFlight at once."
    intervalMs: Int! = ${intervalMs}
    maxInFlight: Int! = 20
    "Mails a day at most; absent: any number."
    dailyQuota: Int
    "The daily quota begins anew at midnight here."
    timezone: String! = "UTC"
    "How long the provider may take to answer, in milliseconds."
    timeoutMs: Int! = 15000
    "Every workspace may use it; otherwise those it is granted to."
    isShared: Boolean! = true
    """
    The provider takes a mail once however often it is handed over under one request id, so that an unknown outcome may be asked for again.
    """
    repeatsAreIdempotent: Boolean! = false
    "The provider's keys, an object of texts (engagelab: apiUser, apiKey). Kept encrypted, never shown again."
    credentials: JSON!
  }

  type CreateEmailServicePayload {
    emailService: EmailService
    """
    What to put behind the server's address where the provider asks for the address of a webhook. It holds a secret: told here and never
    again. Null where the provider posts nothing by itself.
    """
    webhookPath: String
  }
`;

async function create(client: PgClient, input: unknown, key: Buffer) {
  const service = parseNewEmailService(input);
  const id = await createEmailService(client, service, key);
  return { id, webhookPath: await firstWebhookPath(client, id, service.provider) };
}

/** @param intervalMs of a service that is given none */
export const emailServicePlugin = (intervalMs: number) =>
  extendSchema((build) => {
    const emailServices = resourceNamed(build, 'email_services');
    return {
      typeDefs: typeDefs(intervalMs),
      objects: {
        Mutation: {
          plans: {
            createEmailService(_$root, args) {
              const $created = sideEffectWithPgClientTransaction(
                emailServices.executor,
                [args.getRaw('input'), context().get('encryptionKey')],
                (client, [input, key]) => create(client, input, key),
              );
              return object({ id: access($created, 'id'), webhookPath: access($created, 'webhookPath') });
            },
          },
        },
        CreateEmailServicePayload: {
          scope: { isMutationPayload: true },
          plans: {
            emailService: ($payload) => emailServices.get({ id: $payload.get('id') }),
          },
        },
      },
    };
  }, 'PostilionEmailServicePlugin');
