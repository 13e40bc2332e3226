-- A repeat under the same request id is idempotent where the provider remembers it (EngageLab: for an hour). SMTP knows no such id.
alter table app_public.email_services add column repeats_are_idempotent boolean not null default false;
comment on column app_public.email_services.repeats_are_idempotent is
  'The provider takes a mail once however often it is handed over under one request id, so that an unknown outcome may be asked for again.';
grant select (repeats_are_idempotent) on app_public.email_services to postilion_admin;
