// What the database says in a word, of words that there are: as enums, so that a client knows all of them.
import { extendSchema, gql } from 'postgraphile/utils';

const typeDefs = gql`
  "Why a Task hands nothing over."
  enum HindranceReason {
    "It was not scheduled."
    draft
    "It waits for the time it is scheduled for."
    scheduled
    "Its mails are being rendered."
    generating
    "Its mails could not be rendered."
    failed
    "It was paused."
    paused
    "Nothing of it is left to be sent."
    completed
    "It was cancelled."
    cancelled
    "Its workspace has fewer mails left this month than it needs."
    over_quota
    "Its sending window is closed."
    outside_window
    "No service may serve it."
    no_service
    "All sending was stopped."
    stopped
    "The service is switched off."
    disabled
    "The service has sent as many mails as it may today."
    exhausted
    "The service has sent as many mails as it may today to the domains that are left."
    domain_cap
    "The service rests after a fault."
    frozen
    "The service has as many mails under way as it takes at once."
    full
    "The service serves Tasks of higher priority first."
    behind_others
    "The service waits out its interval, or keeps to its rate."
    pace
    "No worker is running."
    no_worker
    "The service could send, and nobody was told to."
    idle
    "All mails that are left were refused for now, and wait for another try."
    retrying
    "Nobody knows of the mails that are left whether the provider took them."
    uncertain
    "The addresses that are left are suppressed."
    suppressed
    "No Contact matched when it began."
    no_recipients
    "Every mail is settled; it is about to complete."
    finishing
  }

  "What stands in the way of a Task."
  enum HindranceSubject {
    "The Task itself, by its state, its quota or its window."
    task
    "A service, or that there is none."
    service
    "The mails that are left."
    recipients
  }

  "What decides how long a Task takes."
  enum ForecastLimit {
    "The pace of the services."
    pace
    "The daily quota of the services."
    quota
    "Nothing may send it."
    nothing_may_send
    "Its workspace has fewer mails left this month than it needs."
    workspace_quota
  }
`;

const TypesPlugin = extendSchema(
  () => ({
    typeDefs,
    enums: { ForecastLimit: { values: { nothing_may_send: 'nothing may send', workspace_quota: 'workspace quota' } } },
  }),
  'PostilionOutlookEnumsPlugin',
);

const enumOf: Readonly<Record<string, string>> = {
  'TaskHindrance.reason': 'HindranceReason',
  'TaskHindrance.subject': 'HindranceSubject',
  'TaskForecast.limiting': 'ForecastLimit',
};

const FieldsPlugin: GraphileConfig.Plugin = {
  name: 'PostilionOutlookEnumFieldsPlugin',
  version: '1.0.0',
  schema: {
    hooks: {
      GraphQLObjectType_fields_field(config, build, { Self, scope }) {
        const name = enumOf[`${Self.name}.${scope.fieldName}`];
        if (name === undefined) return config;
        const type = build.getTypeByName(name);
        if (!(type instanceof build.graphql.GraphQLEnumType)) throw new Error(`there is no enum ${name}`);
        return { ...config, type: new build.graphql.GraphQLNonNull(type) };
      },
    },
  },
};

export const outlookEnumPlugins: readonly GraphileConfig.Plugin[] = [TypesPlugin, FieldsPlugin];
