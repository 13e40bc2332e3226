// What the schema shows, where grants alone would show too much or too little.
import { jsonPgSmartTags } from 'postgraphile/utils';

// Rows without a meaning of their own are reached through the rows they belong to.
const noRootList = '-query:resource:list -query:resource:connection';
const noRoot = `${noRootList} -query:resource:single`;
// One way to each row: a second key is for the database to check, not for clients to choose among.
const onlyChecked = { tags: { behavior: '-single -update -delete' } };
// A lane is its name, which the row has already.
const onlyNamed = '-singularRelation:resource:single';
// Indexes of partitioned tables are not seen, so what none helps to find is said here.
const notFound = { tags: { behavior: '-attribute:filterBy -attribute:orderBy' } } as const;
const unindexed = (names: string) => Object.fromEntries(names.split(' ').map((name) => [name, notFound]));
const notNull = { tags: { notNull: true } } as const;
const hidden = { tags: { behavior: '-*' } } as const;
const everyColumn = (names: string) => ({
  attribute: Object.fromEntries(names.split(' ').map((name) => [name, notNull])),
});

export const TagsPlugin = jsonPgSmartTags({
  version: 1,
  config: {
    class: {
      'app_public.sub_tasks': {
        tags: {
          behavior: noRootList,
          ownConnection: true,
          // Not checked by the database: see db/migrations/0004_sub_tasks.sql.
          foreignKey: [
            '(service_id) references app_public.email_services (id)|@behavior -manyRelation:resource:list -manyRelation:resource:connection',
            '(task_id) references app_public.tasks (id)|@behavior -manyRelation:resource:list -manyRelation:resource:connection',
          ],
        },
        // See sub_task_search.ts.
        constraint: {
          sub_tasks_id_fkey: { tags: { fieldName: 'mail', foreignSingleFieldName: 'subTask' } },
        },
      },
      'app_public.sub_task_mails': {
        tags: { behavior: noRoot },
        constraint: {
          sub_task_mails_task_id_fkey: {
            tags: { behavior: '-manyRelation:resource:list -manyRelation:resource:connection' },
          },
          sub_task_mails_contact_id_fkey: { tags: { foreignFieldName: 'mails' } },
          // In the order of its key a template's mails are sorted first, be they a million.
          sub_task_mails_template_id_fkey: {
            tags: { behavior: '-manyRelation:resource:list -manyRelation:resource:connection' },
          },
          sub_task_mails_contact_id_task_id_key: onlyChecked,
          sub_task_mails_recipient_email_task_id_key: onlyChecked,
          sub_task_mails_tracking_id_key: onlyChecked,
        },
      },
      'app_public.mail_events': {
        tags: {
          behavior: noRoot,
          // Kept apart from what they speak of: a body is recorded before anyone knows whether its SubTask exists.
          foreignKey: [
            '(sub_task_id) references app_public.sub_tasks (id)|@foreignFieldName events|@isIndexed',
            '(received_at, event_log_id) references app_public.event_logs (received_at, id)|@fieldName eventLog|@foreignFieldName events|@isIndexed',
          ],
        },
        attribute: unindexed('task_id kind occurred_at strategy flagged machine'),
      },
      'app_public.event_logs': {
        attribute: unindexed('provider path email_service_id processed_at attempts event_count error'),
      },
      'app_public.suppressions': {
        tags: { behavior: noRootList },
        // It would tell whether an address that was erased is the one somebody guesses.
        attribute: { email_hash: { tags: { behavior: '-*' } } },
        constraint: {
          suppressions_pkey: { tags: { behavior: '-single' } },
          suppressions_workspace_id_email_key: { tags: { fieldName: 'suppression' } },
        },
      },
      'app_public.hourly_statistics': { tags: { behavior: noRoot } },
      'app_public.tasks': {
        // Test mails alone, which no list has.
        constraint: {
          tasks_email_service_id_fkey: {
            tags: { behavior: '-manyRelation:resource:list -manyRelation:resource:connection' },
          },
        },
      },
      'app_public.task_templates': { tags: { behavior: noRoot } },
      'app_public.email_service_grants': { tags: { behavior: noRoot } },
      'app_public.erasures': {
        constraint: { erasures_contact_id_key: { tags: { fieldName: 'erasureOfContact' } } },
      },
      'app_public.email_services': {
        constraint: { email_services_name_key: { tags: { behavior: '-update -delete' } } },
      },
      'app_public.email_service_caps': {
        tags: { behavior: noRoot },
        constraint: {
          email_service_caps_email_service_id_fkey: { tags: { foreignFieldName: 'caps' } },
          email_service_caps_lane_fkey: { tags: { foreignFieldName: 'caps', behavior: onlyNamed } },
        },
      },
      'app_public.email_service_warm_up': {
        tags: { behavior: noRoot },
        constraint: { email_service_warm_up_email_service_id_fkey: { tags: { foreignFieldName: 'warmUp' } } },
      },
      'app_public.domain_checks': {
        tags: { behavior: `${noRoot} -insert -update -delete` },
        constraint: {
          domain_checks_email_service_id_fkey: {
            tags: { fieldName: 'emailService', foreignSingleFieldName: 'domainCheck' },
          },
        },
      },
      'app_public.domain_finding': everyColumn('subject name state says remedy'),
      'app_public.lane_domains': {
        tags: { behavior: noRootList },
        constraint: { lane_domains_lane_fkey: { tags: { foreignFieldName: 'domains', behavior: onlyNamed } } },
      },
      'app_public.task_files': {
        tags: { behavior: noRoot },
        constraint: { task_files_task_id_position_key: onlyChecked, task_files_task_id_name_key: onlyChecked },
      },
      'app_public.contacts': {
        tags: {
          behavior: noRootList,
          // Checked by triggers: see db/functions/contacts/tg_contacts__belong.sql.
          foreignKey:
            '(workspace_id) references app_public.workspaces (id)|@fieldName workspace|@foreignFieldName contacts|@isIndexed',
        },
        constraint: {
          contacts_workspace_id_email_key: { tags: { fieldName: 'contactByEmail', behavior: '-update -delete' } },
        },
      },
      'app_public.alerts': {
        tags: {
          behavior: '-insert -update -delete',
        },
        constraint: {
          alerts_acknowledged_by_fkey: {
            tags: {
              fieldName: 'acknowledger',
              behavior: '-manyRelation:resource:list -manyRelation:resource:connection',
            },
          },
        },
        attribute: unindexed(
          'rule subject severity message details times last_seen_at acknowledged_at resolved_at remedy action_taken acted_at',
        ),
      },
      // Few, so that lists need no index to find or order them.
      'app_public.alert_rules': {
        tags: { behavior: '-insert -delete' },
        attribute: unindexed(
          'title unit is_floor warning_at critical_at window_minutes minimum_volume sustained_minutes slack quiet_minutes repeat_minutes action is_enabled updated_at',
        ),
      },
      'app_public.alert_channels': {
        tags: { behavior: '-insert' },
        constraint: {
          alert_channels_name_key: onlyChecked,
          alert_channels_email_service_id_fkey: {
            tags: { behavior: '-manyRelation:resource:list -manyRelation:resource:connection' },
          },
          alert_channels_sender_id_fkey: {
            tags: { behavior: '-manyRelation:resource:list -manyRelation:resource:connection' },
          },
        },
        attribute: unindexed(
          'kind host addresses minimum_severity most_per_hour is_enabled created_at last_sent_at last_error last_error_at',
        ),
      },
      'app_public.service_state': hidden,
      'app_public.event_page': hidden,
      'app_public.alert_list': hidden,
      'app_public.hand_over': hidden,
      // Told by Task.statistics.
      'app_public.task_states': { tags: { behavior: '-*' } },
      'app_public.task_funnel': { tags: { behavior: '-*' } },
      'app_public.series_point': everyColumn('at sent delivered opened clicked bounced failed'),
      'app_public.service_statistics': everyColumn(
        'since until sent delivered soft_bounced hard_bounced bounced opened clicked human_opened human_clicked complained unsubscribed failed uncertain',
      ),
      'app_public.task_hindrance': everyColumn('reason subject sentence remedy'),
      'app_public.task_forecast': everyColumn('recipients left rate_per_hour limiting'),
      'app_public.task_forecast_service': everyColumn('email_service_id name rate_per_hour share'),
    },
    procedure: {
      // See live/: read by the fields that put what they answer into words.
      'app_public.service_states': hidden,
      'app_public.event_page': hidden,
      'app_public.open_alerts': hidden,
      // See operations/, likewise.
      'app_public.read_system_health': hidden,
      'app_public.read_task_diagnosis': hidden,
      'app_public.read_sub_task_history': hidden,
      'app_public.plan_of_repair': hidden,
      'app_public.plans_of_repair': hidden,
      'app_public.repair': { tags: { resultFieldName: 'count' } },
      'app_public.tasks_sequence': notNull,
      // See thaws_at.ts.
      'app_public.email_services_thaws_at': { tags: { behavior: '-typeField' } },
      // See service_statistics.ts.
      'app_public.service_statistics': { tags: { behavior: '-queryField' } },
      'app_public.workspaces_used_this_month': notNull,
      'app_public.tasks_states': { tags: { behavior: '-*' } },
      'app_public.tasks_funnel': { tags: { behavior: '-*' } },
      // Fields of a Task, see task_outlook.ts.
      'app_public.forecast_task': { tags: { behavior: '-queryField' } },
      'app_public.forecast_task_services': { tags: { behavior: '-queryField' } },
      'app_public.why_not_sending': { tags: { behavior: '-queryField' } },
      'app_public.statistics_series': { tags: { behavior: '-queryField' } },
      'app_public.tasks_statistics_drift': notNull,
      'app_public.add_contacts': { tags: { resultFieldName: 'count' } },
      'app_public.rename_tag': { tags: { resultFieldName: 'count' } },
      'app_public.remove_tag': { tags: { resultFieldName: 'count' } },
      'app_public.pause_task': { tags: { resultFieldName: 'onTheWay' } },
      'app_public.cancel_task': { tags: { resultFieldName: 'onTheWay' } },
      // See task_verbs.ts.
      'app_public.stop_sending': hidden,
      'app_public.start_sending': hidden,
    },
  },
});
