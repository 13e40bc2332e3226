import type { PgClient } from 'postgraphile/@dataplan/pg';
import { sideEffectWithPgClientTransaction } from 'postgraphile/@dataplan/pg';
import { access, context, type FieldArgs, object } from 'postgraphile/grafast';
import { extendSchema } from 'postgraphile/utils';
import { resourceNamed } from './resources.ts';
import { addSigningSecret, createSecret, expireSecrets, removeSigningSecrets, rotateSecret } from './webhook_verbs.ts';

const typeDefs = /* GraphQL */ `
  extend type Mutation {
    "Adds a secret path for a service's webhooks. Raises NTFND, or BADIN naming the field."
    createWebhookSecret(input: CreateWebhookSecretInput!): CreateWebhookSecretPayload
    "Gives a service's webhooks a new secret path in place of those it has. Raises NTFND, or BADIN naming the field."
    rotateWebhookSecret(input: RotateWebhookSecretInput!): RotateWebhookSecretPayload
    "Ends a service's secrets at a time: those of its paths or, with a source, that source's signing secrets. Raises NTFND, or BADIN naming the field."
    expireWebhookSecrets(input: ExpireWebhookSecretsInput!): ExpireWebhookSecretsPayload
    "Keeps a provider's signing secret: from now on webhooks of this source need a signature beside the secret path, and sources without a signing secret are refused. Raises NTFND, or BADIN naming the field."
    addWebhookSigningSecret(input: AddWebhookSigningSecretInput!): AddWebhookSigningSecretPayload
    "Forgets the signing secrets of a source, so that the secret path is enough again where the service has none of another source. Raises NTFND, or BADIN naming the field."
    removeWebhookSigningSecrets(input: RemoveWebhookSigningSecretsInput!): RemoveWebhookSigningSecretsPayload
  }

  input CreateWebhookSecretInput {
    emailServiceId: UUID!
    "Who posts; absent: the service's provider."
    source: String
  }

  input RotateWebhookSecretInput {
    emailServiceId: UUID!
    "Who posts; absent: the service's provider."
    source: String
    "How long the old paths still work; 0: not any more."
    keepOldForSeconds: Int! = 86400
  }

  input ExpireWebhookSecretsInput {
    emailServiceId: UUID!
    "Whose signing secrets; absent: the secrets of the paths."
    source: String
    "Absent: at once."
    expiresAt: Datetime
  }

  input AddWebhookSigningSecretInput {
    emailServiceId: UUID!
    source: String!
    "As the provider shows it. Kept encrypted, never shown again."
    secret: String!
    "Absent: never."
    expiresAt: Datetime
  }

  input RemoveWebhookSigningSecretsInput {
    emailServiceId: UUID!
    source: String!
  }

  type CreateWebhookSecretPayload {
    emailService: EmailService
    "What to put behind the server's address. Told here and never again."
    path: String
  }

  type RotateWebhookSecretPayload {
    emailService: EmailService
    "What to put behind the server's address. Told here and never again."
    path: String
  }

  type ExpireWebhookSecretsPayload {
    emailService: EmailService
  }

  type AddWebhookSigningSecretPayload {
    emailService: EmailService
  }

  type RemoveWebhookSigningSecretsPayload {
    emailService: EmailService
  }
`;

/** What a verb answers: which service it was about and, where it made one, the path. */
interface Done {
  readonly id: string;
  readonly path?: string;
}

type Verb = (client: PgClient, input: unknown, encryptionKey: Buffer) => Promise<Done>;

export const WebhookSecretsPlugin = extendSchema((build) => {
  const emailServices = resourceNamed(build, 'email_services');
  const plan = (verb: Verb) => (_$root: unknown, args: FieldArgs) => {
    const $done = sideEffectWithPgClientTransaction(
      emailServices.executor,
      [args.getRaw('input'), context().get('encryptionKey')],
      (client, [input, key]) => verb(client, input, key),
    );
    return object({ id: access($done, 'id'), path: access($done, 'path') });
  };
  const payload = {
    scope: { isMutationPayload: true },
    plans: {
      emailService: ($payload: ReturnType<ReturnType<typeof plan>>) => emailServices.get({ id: $payload.get('id') }),
    },
  };
  return {
    typeDefs,
    objects: {
      Mutation: {
        plans: {
          createWebhookSecret: plan(createSecret),
          rotateWebhookSecret: plan(rotateSecret),
          expireWebhookSecrets: plan(expireSecrets),
          addWebhookSigningSecret: plan(addSigningSecret),
          removeWebhookSigningSecrets: plan(removeSigningSecrets),
        },
      },
      CreateWebhookSecretPayload: payload,
      RotateWebhookSecretPayload: payload,
      ExpireWebhookSecretsPayload: payload,
      AddWebhookSigningSecretPayload: payload,
      RemoveWebhookSigningSecretsPayload: payload,
    },
  };
}, 'PostilionWebhookSecretsPlugin');
