// What the dashboard shows, row by row.

export interface Panel {
  readonly title: string;
  /** For who wonders what it means. */
  readonly says: string;
  readonly type?: 'stat' | 'timeseries';
  /** As Grafana names units. */
  readonly unit?: string;
  /** Of 24. */
  readonly width?: number;
  /** From here on it is red. */
  readonly bad?: number;
  readonly min?: number;
  readonly queries: readonly Query[];
}

interface Query {
  readonly expr: string;
  readonly legend: string;
}

export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

function one(expr: string, legend = ''): readonly Query[] {
  return [{ expr, legend }];
}

function stat(title: string, says: string, expr: string, more: Partial<Panel> = {}): Panel {
  return { title, says, type: 'stat', width: 4, queries: one(expr), ...more };
}

const atAGlance: Row = {
  title: 'At a glance',
  panels: [
    stat(
      'Mails a minute',
      'Handed over and accepted.',
      'sum(rate(postilion_sends_total{outcome="accepted"}[5m])) * 60',
    ),
    stat('Waiting', 'Mails of Tasks that are being sent.', 'max(postilion_queue_mails{state="pending"})'),
    stat(
      'Idle services with work',
      'Must be 0: postilion repair thaw wake.',
      'max(postilion_services_with_work - postilion_services_running)',
      { bad: 1 },
    ),
    stat(
      'Intervals undercut',
      'In this range. Must be 0.',
      'sum(increase(postilion_intervals_undercut_total[$__range]))',
      {
        bad: 1,
      },
    ),
    stat('In doubt for an hour', 'A provider may have taken them.', 'max(postilion_uncertain_mails{age="old"})', {
      bad: 1,
    }),
    stat('Critical alerts open', "Postilion's own.", 'max(postilion_alerts_open{severity="critical"})', { bad: 1 }),
  ],
};

const sending: Row = {
  title: 'Sending',
  panels: [
    {
      title: 'Accepted, by service',
      says: 'Mails a second that providers took.',
      unit: 'cps',
      queries: one('sum by (service) (rate(postilion_sends_total{outcome="accepted"}[5m]))', '{{service}}'),
    },
    {
      title: 'Not accepted, by class',
      says: 'What the others came to: of this address, for now, in doubt, or the fault of the service.',
      unit: 'cps',
      queries: one('sum by (class) (rate(postilion_send_failures_total[5m]))', '{{class}}'),
    },
    {
      title: 'Success, by service',
      says: 'Accepted of what was decided in an hour. Below 95 % somebody should look.',
      unit: 'percentunit',
      queries: one('postilion:send_success:ratio1h', '{{service}}'),
    },
    {
      title: 'Hand-over, p95',
      says: 'How long providers take to answer.',
      unit: 's',
      queries: one('postilion:hand_over_duration_seconds:p95_5m', '{{service}}'),
    },
    {
      title: 'Claim, p95',
      says: 'How long the database takes to give a mail out; it grows when its disk is busy.',
      unit: 's',
      queries: one('postilion:claim_duration_seconds:p95_5m', '{{pace}}'),
    },
    {
      title: 'Frozen services',
      says: 'Frozen for a fault: postilion health has what the provider says.',
      queries: one('max by (service) (postilion_service_frozen) > 0', '{{service}}'),
    },
  ],
};

const pace: Row = {
  title: 'Pace',
  panels: [
    {
      title: 'Lateness',
      says: 'How late after its thaw a paced mail is at the wire.',
      unit: 's',
      queries: [
        { expr: 'postilion:pace_lateness_seconds:p99_5m', legend: 'p99' },
        {
          expr: 'histogram_quantile(0.5, sum by (le) (rate(postilion_pace_lateness_seconds_bucket[5m])))',
          legend: 'median',
        },
      ],
    },
    {
      title: 'Beyond the interval',
      says: 'How much longer than its interval a paced service paused, while there was work.',
      unit: 's',
      queries: [
        {
          expr: 'histogram_quantile(0.95, sum by (le) (rate(postilion_interval_excess_seconds_bucket[5m])))',
          legend: 'p95',
        },
        {
          expr: 'sum(rate(postilion_interval_excess_seconds_sum[5m])) / sum(rate(postilion_interval_excess_seconds_count[5m]))',
          legend: 'mean',
        },
      ],
    },
    {
      title: 'Quota left today',
      says: 'Of services that have a quota or are warming up.',
      queries: one('min by (service) (postilion_service_quota_left_mails)', '{{service}}'),
    },
  ],
};

const queue: Row = {
  title: 'Queue',
  panels: [
    {
      title: 'Mails by state',
      says: 'Of Tasks that are being sent.',
      queries: one('max by (state) (postilion_queue_mails)', '{{state}}'),
    },
    {
      title: 'Days until all is sent',
      says: 'What waits, at the rate of the last hour.',
      unit: 'd',
      queries: one(
        'max(postilion_queue_mails{state="pending"}) / on () (sum(rate(postilion_sends_total{outcome="accepted"}[1h])) > 0) / 86400',
        'days',
      ),
    },
    {
      title: 'First mail due for',
      says: 'A campaign longer than a day has one of a day.',
      unit: 's',
      queries: one('max(postilion_oldest_due_seconds)', 'due for'),
    },
    {
      title: 'In doubt',
      says: 'Mails that a provider may have taken.',
      queries: one('max by (age) (postilion_uncertain_mails)', '{{age}}'),
    },
    {
      title: 'Leases',
      says: 'Overdue: not settled yet. Expired: settled by a sweep, some after every crash.',
      queries: [
        { expr: 'max(postilion_leases_overdue)', legend: 'overdue' },
        { expr: 'sum(increase(postilion_leases_expired_total[5m]))', legend: 'expired in 5 min' },
      ],
    },
    {
      title: 'Tasks being sent',
      says: 'Queued: nothing of it was sent yet.',
      queries: one('max by (state) (postilion_tasks)', '{{state}}'),
    },
  ],
};

const webhooks: Row = {
  title: 'Webhooks',
  panels: [
    {
      title: 'Received, by source',
      says: 'Recorded, before anything else is done with them. tracking: our own opens and clicks.',
      unit: 'cps',
      queries: [
        { expr: 'sum by (source) (rate(postilion_webhooks_received_total[5m]))', legend: '{{source}}' },
        { expr: 'sum by (source) (rate(postilion_webhooks_refused_total[5m])) > 0', legend: '{{source}} refused' },
      ],
    },
    {
      title: 'Events, by kind',
      says: 'Each counted once, however often it was told.',
      unit: 'cps',
      queries: one('sum by (kind) (rate(postilion_events_total[5m]))', '{{kind}}'),
    },
    {
      title: 'How their mails were found',
      says: 'none: no mail was found. Many by recipient: the provider does not give our ids back.',
      unit: 'cps',
      queries: one('sum by (strategy) (rate(postilion_events_total[5m]))', '{{strategy}}'),
    },
    {
      title: 'Until applied, p95',
      says: 'From the receipt to the statistics.',
      unit: 's',
      queries: one('postilion:webhook_apply_lag_seconds:p95_5m', 'p95'),
    },
    {
      title: 'Inbox',
      says: 'waiting: to be applied now. parked: given up in 24 hours, see ops.unresolved_events.',
      queries: [
        { expr: 'max by (state) (postilion_inbox_webhooks)', legend: '{{state}}' },
        { expr: 'sum by (why) (increase(postilion_webhook_failures_total[5m])) > 0', legend: '{{why}} in 5 min' },
      ],
    },
    {
      title: 'Not heard of',
      says: 'Services that send while no webhook comes.',
      queries: one('max by (service) (postilion_service_unheard)', '{{service}}'),
    },
  ],
};

const upkeep: Row = {
  title: 'Upkeep',
  panels: [
    {
      title: 'Crontab: since the last finish, in intervals',
      says: 'Above 2 a handler fails or nobody runs it.',
      queries: one(
        '(time() - max by (handler) (postilion_cron_last_finish_timestamp_seconds)) / max by (handler) (postilion_cron_interval_seconds)',
        '{{handler}}',
      ),
    },
    {
      title: 'Repairs of 24 hours',
      says: 'What mended itself or was mended. recount_task: statistics had drifted.',
      queries: [
        { expr: 'max by (what) (postilion_repairs)', legend: '{{what}}' },
        { expr: 'max(postilion_statistics_drifts) > 0', legend: 'drifts' },
      ],
    },
    {
      title: 'Jobs',
      says: 'Ended, by identifier, and those that failed for good.',
      unit: 'cps',
      queries: [
        { expr: 'sum by (task, outcome) (rate(postilion_jobs_total[5m]))', legend: '{{task}} {{outcome}}' },
        { expr: 'max(postilion_jobs{state="failed"}) > 0', legend: 'failed for good' },
      ],
    },
    {
      title: 'Slow jobs, p95',
      says: 'A run of send lasts as long as its service has something to do.',
      unit: 's',
      queries: one(
        'histogram_quantile(0.95, sum by (task, le) (rate(postilion_job_duration_seconds_bucket{task!="send"}[5m])))',
        '{{task}}',
      ),
    },
    {
      title: 'Reports behind',
      says: 'Since the end of the last closed hour.',
      unit: 's',
      queries: one('max(postilion_roll_up_lag_seconds)', 'behind'),
    },
    {
      title: 'Alerts open',
      says: "Postilion's own, by severity.",
      queries: one('max by (severity) (postilion_alerts_open)', '{{severity}}'),
    },
  ],
};

const processes: Row = {
  title: 'Processes',
  panels: [
    {
      title: 'Runners',
      says: 'Of all machines, by the sign of life they give the database.',
      queries: [
        { expr: 'max by (kind) (postilion_runners)', legend: '{{kind}}' },
        { expr: 'min(postilion_database_up)', legend: 'database' },
        { expr: 'sum by (runner) (postilion_runner_up)', legend: '{{runner}} as supervisors see it' },
      ],
    },
    {
      title: 'Connections in use',
      says: 'Busy, of the pool; and statements that wait for one.',
      queries: [
        {
          expr: 'sum by (instance, pool) (postilion_pool_connections{state="busy"})',
          legend: '{{instance}} {{pool}}',
        },
        { expr: 'sum by (instance, pool) (postilion_pool_waiting) > 0', legend: '{{instance}} {{pool}} waiting' },
      ],
    },
    {
      title: 'Event loop, p99',
      says: 'How late a process gets to its work.',
      unit: 's',
      queries: one(
        'max by (instance, process) (nodejs_eventloop_lag_p99_seconds{job=~"postilion-.*"})',
        '{{instance}} {{process}}',
      ),
    },
    {
      title: 'Processor',
      says: 'Cores in use.',
      queries: one('rate(process_cpu_seconds_total{job=~"postilion-.*"}[5m])', '{{instance}} {{process}}'),
    },
    {
      title: 'Memory',
      says: 'Resident.',
      unit: 'bytes',
      queries: one('process_resident_memory_bytes{job=~"postilion-.*"}', '{{instance}} {{process}}'),
    },
    {
      title: 'Versions',
      says: 'Processes by version: two, while they are exchanged.',
      queries: one('count by (version) (postilion_build_info)', '{{version}}'),
    },
  ],
};

export const rows: readonly Row[] = [atAGlance, sending, pace, queue, webhooks, upkeep, processes];
