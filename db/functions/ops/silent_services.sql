-- From closed hours, so nothing is counted, and a service that begins to send is not blamed for its first minutes: silence is known an hour or two late.
-- One that was never heard by a path of its own may be heard by another: then its mails are told of. By SMTP nobody reports unless told to.
create or replace function app_hidden.silent_services()
returns table (email_service_id uuid, name text, sent bigint, heard_at timestamptz, silent_since timestamptz)
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with day as materialized (
    select rolled_until - interval '24 hours' as since, rolled_until as until from app_hidden.roll_up_progress
  )
  select s.id, s.name, told.sent, h.heard_at, told.first_hour
    from app_public.email_services s
    left join app_hidden.last_heard h on h.email_service_id = s.id
   cross join lateral (
     select coalesce(sum(hs.sent), 0)::bigint as sent, sum(hs.delivered + hs.hard_bounced + hs.soft_bounced) as told,
            min(hs.hour) filter (where hs.sent > 0 and hs.hour > coalesce(h.heard_at, '-infinity')) as first_hour
       from app_public.hourly_statistics hs, day
      where hs.service_id = s.id and hs.hour >= day.since and hs.hour < day.until
   ) as told
   where told.first_hour is not null and (h.heard_at is not null or (told.told = 0 and s.provider <> 'smtp'));
$$;

revoke all on function app_hidden.silent_services() from public;
comment on function app_hidden.silent_services() is
  'Services that sent mails in a whole hour since their last webhook, with the mails of 24 hours and the first such hour.';
