// The schema is what postilion_admin may see of app_public, by grants and column grants, with names chosen by hand.
// First: Graphile's libraries read their mode from the environment while they load.
import '../../config.ts';

import { PgSimplifyInflectionPreset } from '@graphile/simplify-inflection';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import type { Config } from '../../config.ts';
import { AlertChannelsPlugin } from './alert_channels.ts';
import { ConnectionsPlugin } from './connections.ts';
import { DescriptionsPlugin } from './descriptions.ts';
import { emailServicePlugin } from './email_service.ts';
import { inputsPlugin } from './inputs.ts';
import { LetGoPlugin } from './let_go.ts';
import { type LimitsConfig, limitsPlugin } from './limits/plugin.ts';
import { livePlugins } from './live/plugins.ts';
import { MailsPlugin } from './mails.ts';
import { NamingPlugin } from './naming.ts';
import { NullabilityPlugin } from './nullability.ts';
import { operationsPlugins } from './operations/plugins.ts';
import { outlookEnumPlugins } from './outlook_enums.ts';
import { PagesPlugin } from './pages.ts';
import { ScalarsPlugin } from './scalars.ts';
import { ServiceStatisticsPlugin } from './service_statistics.ts';
import { SessionsPlugin } from './sessions.ts';
import { SubTaskSearchPlugin } from './sub_task_search.ts';
import { TagsPlugin } from './tags.ts';
import { TaskOutlookPlugin } from './task_outlook.ts';
import { TaskServicesPlugin } from './task_services.ts';
import { TaskStatisticsPlugin } from './task_statistics.ts';
import { taskVerbPlugins } from './task_verbs.ts';
import { TestTasksPlugin } from './test_tasks.ts';
import { TextsPlugin } from './texts.ts';
import { ThawsAtPlugin } from './thaws_at.ts';
import { TimesPlugin } from './times.ts';
import { WebhookSecretsPlugin } from './webhook_secrets.ts';

export type SchemaConfig = Pick<Config, 'DEFAULT_SENDER_NAME' | 'QUEUE_INTERVAL_SECONDS'> & LimitsConfig;

/** What decides the schema; add pgServices that are looked at as postilion_admin. */
export const schemaPreset = (config: SchemaConfig): GraphileConfig.Preset => ({
  extends: [PostGraphileAmberPreset, PgSimplifyInflectionPreset],
  plugins: [
    LetGoPlugin,
    NamingPlugin,
    ScalarsPlugin,
    TagsPlugin,
    PagesPlugin,
    inputsPlugin({ CreateSenderInput: { name: config.DEFAULT_SENDER_NAME } }),
    emailServicePlugin(Math.round(config.QUEUE_INTERVAL_SECONDS * 1000)),
    TaskStatisticsPlugin,
    TaskServicesPlugin,
    TaskOutlookPlugin,
    ...outlookEnumPlugins,
    ...taskVerbPlugins,
    SubTaskSearchPlugin,
    ...livePlugins(),
    ...operationsPlugins,
    ThawsAtPlugin,
    TimesPlugin,
    WebhookSecretsPlugin,
    AlertChannelsPlugin,
    ServiceStatisticsPlugin,
    MailsPlugin,
    TestTasksPlugin,
    SessionsPlugin,
    limitsPlugin(config),
    ConnectionsPlugin,
    TextsPlugin,
    NullabilityPlugin,
    DescriptionsPlugin,
  ],
  // Keys are the ids, there is no second, global one; and a conflict of names shall end the start, not a field.
  disablePlugins: ['NodePlugin', 'QueryQueryPlugin', 'PgMutationPayloadEdgePlugin', 'SwallowErrorsPlugin'],
  gather: { pgStrictFunctions: true },
  schema: { pgForbidSetofFunctionsToReturnNull: true },
});
