import { type PgClient, sideEffectWithPgClientTransaction } from 'postgraphile/@dataplan/pg';
import { access, context, type FieldArgs, object } from 'postgraphile/grafast';
import { extendSchema, gql } from 'postgraphile/utils';
import { createAlertChannel } from '../../database/alerts/create_alert_channel.ts';
import { newEmailChannel, newWebhookChannel } from '../alerts/new_channel.ts';
import { resourceNamed } from './resources.ts';

const typeDefs = gql`
  extend type Mutation {
    "Has alerts posted to an address as JSON, signed by Standard Webhooks; Slack and Mattermost show their text. Raises BADIN naming the field."
    createAlertWebhook(input: CreateAlertWebhookInput!): CreateAlertWebhookPayload
    "Has alerts sent by mail: by a mail server of their own or, within its pace and quota, by a service. Raises BADIN naming the field."
    createAlertEmail(input: CreateAlertEmailInput!): CreateAlertEmailPayload
  }

  input CreateAlertWebhookInput {
    "Unique among channels."
    name: String!
    "Where to post: https, at a public address; others as ALERT_WEBHOOK_NETWORKS allows. Kept encrypted, never shown again."
    url: String!
    "What signs: whsec_ and base64. Absent: one is made."
    secret: String
    "Alerts below it are not told."
    minimumSeverity: AlertSeverity! = warning
    "How many messages it gets in an hour at most, from 1 to 60."
    mostPerHour: Int! = 6
  }

  input CreateAlertEmailInput {
    "Unique among channels."
    name: String!
    "Who gets the mails, up to 20."
    addresses: [String!]!
    "A mail server of their own: smtp://user:password@host:587, or smtps. Kept encrypted, never shown again."
    serverUrl: String
    "The address that mails by a mail server are from."
    from: String
    "Instead of a mail server: the service whose queue the mails take, before all others."
    emailServiceId: UUID
    "With a service: from whom the mails are; the workspace of this sender pays for them."
    senderId: UUID
    "Alerts below it are not told."
    minimumSeverity: AlertSeverity! = warning
    "How many messages it gets in an hour at most, from 1 to 60."
    mostPerHour: Int! = 6
  }

  type CreateAlertWebhookPayload {
    alertChannel: AlertChannel
    "What the receiver verifies signatures with. Told here and never again."
    signingSecret: String
  }

  type CreateAlertEmailPayload {
    alertChannel: AlertChannel
  }
`;

interface Created {
  readonly id: string;
  readonly signingSecret?: string;
}

type Verb = (client: PgClient, input: unknown, key: Buffer) => Promise<Created>;

async function createWebhook(client: PgClient, input: unknown, key: Buffer): Promise<Created> {
  const { channel, signingSecret } = newWebhookChannel(input);
  return { id: await createAlertChannel(client, channel, key), signingSecret };
}

async function createEmail(client: PgClient, input: unknown, key: Buffer): Promise<Created> {
  return { id: await createAlertChannel(client, newEmailChannel(input), key) };
}

export const AlertChannelsPlugin = extendSchema((build) => {
  const channels = resourceNamed(build, 'alert_channels');
  const plan = (verb: Verb) => (_$root: unknown, args: FieldArgs) => {
    const $created = sideEffectWithPgClientTransaction(
      channels.executor,
      [args.getRaw('input'), context().get('encryptionKey')],
      (client, [input, key]) => verb(client, input, key),
    );
    return object({ id: access($created, 'id'), signingSecret: access($created, 'signingSecret') });
  };
  const payload = {
    scope: { isMutationPayload: true },
    plans: {
      alertChannel: ($payload: ReturnType<ReturnType<typeof plan>>) => channels.get({ id: $payload.get('id') }),
    },
  };
  return {
    typeDefs,
    objects: {
      Mutation: { plans: { createAlertWebhook: plan(createWebhook), createAlertEmail: plan(createEmail) } },
      CreateAlertWebhookPayload: payload,
      CreateAlertEmailPayload: payload,
    },
  };
}, 'PostilionAlertChannelsPlugin');
