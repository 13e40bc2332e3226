create type app_public.task_hindrance as (
  reason text, subject text, email_service_id uuid, sentence text, moves_at timestamptz, remedy text
);
comment on type app_public.task_hindrance is 'One reason why a Task hands nothing over at this moment.';
comment on column app_public.task_hindrance.reason is
  'task: draft, scheduled, generating, failed, paused, completed, cancelled, outside_window; service: no_service, stopped, disabled, exhausted, domain_cap, frozen, full, behind_others, pace, no_worker, idle; recipients: retrying, uncertain, suppressed, no_recipients, finishing.';
comment on column app_public.task_hindrance.subject is 'What stands in the way: task, service or recipients.';
comment on column app_public.task_hindrance.moves_at is 'When this reason ends by itself, at the latest; null: it does not, or nobody can tell.';
comment on column app_public.task_hindrance.remedy is 'What a person could do.';

create type app_public.task_forecast as (
  recipients integer, "left" integer, finishes_at timestamptz, rate_per_hour double precision, limiting text
);
comment on type app_public.task_forecast is 'When a Task will have handed over its last mail, as things stand.';
comment on column app_public.task_forecast."left" is 'Mails still to be handed over.';
comment on column app_public.task_forecast.finishes_at is 'null: not within 400 days.';
comment on column app_public.task_forecast.rate_per_hour is 'What the services that the Task may use send together while none waits for its quota.';
comment on column app_public.task_forecast.limiting is 'What decides how long it takes: pace, quota, or nothing may send.';

create type app_public.task_forecast_service as (
  email_service_id uuid, name text, rate_per_hour double precision, share integer, finishes_at timestamptz
);
comment on type app_public.task_forecast_service is 'What one service will do for a Task, as things stand.';
comment on column app_public.task_forecast_service.share is 'How many of the Task''s mails it will send.';
comment on column app_public.task_forecast_service.finishes_at is 'When it will have sent them; null: not within 400 days, or it sends none.';

grant usage on type app_public.task_hindrance, app_public.task_forecast, app_public.task_forecast_service
  to postilion_visitor, postilion_user, postilion_admin;

create type app_hidden.service_pace as (
  email_service_id uuid, name text, mails_per_ms double precision, begins_at timestamptz, first_quota integer, daily_quota integer, next_caps integer[], timezone text
);
comment on type app_hidden.service_pace is
  'What a forecast knows of a service: its rate, from when on, and how many mails on the first day, on each of the next while its warm-up lasts, and on each later one (null: any).';

create type app_hidden.forecast_plan as (
  recipients integer, mails integer, begins_at timestamptz, served_from timestamptz, finishes_at timestamptz, paces app_hidden.service_pace[]
);
comment on type app_hidden.forecast_plan is
  'A forecast before it is put into words: from when the Task''s mails may go, from when they do (after Tasks of higher priority), until when, by which services.';
