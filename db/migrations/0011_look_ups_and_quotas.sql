-- When a service's uncertain mails were last looked for in its provider's record. One row a service, since what the provider can be asked
-- is a day's record, not a mail's.
create table app_hidden.look_ups (
  email_service_id uuid primary key references app_public.email_services on delete cascade,
  looked_up_at timestamptz not null
) with (fillfactor = 50);
comment on table app_hidden.look_ups is 'When a service''s uncertain SubTasks were last looked for at its provider.';
alter table app_hidden.look_ups enable row level security;

-- A row enters and leaves it with its phase, never otherwise: no step of an ordinary mail writes it.
create index sub_tasks_in_doubt_of_service on app_public.sub_tasks (service_id, uncertain_at) where phase = 'in_doubt';
