-- Running: a live loop, or a job that will start one in time. A service that has work and neither is what the original did in silence.
create or replace function app_private.roll_call()
returns table (id uuid, name text, is_running boolean)
language sql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, graphile_worker, pg_temp
as $$
  select s.id, s.name,
         (s.loop_token is not null and s.loop_expires_at > app_hidden.current_time()) or exists (
           select from graphile_worker._private_jobs j
            where j.key = 'send:' || s.id and j.attempts < j.max_attempts
              and j.run_at - now() <= app_hidden.next_run_at(s) - app_hidden.current_time() + interval '10 s')
    from app_public.email_services s
   where s.is_enabled and not s.is_stopped and app_hidden.next_run_at(s) is not null
   order by s.name;
$$;

revoke all on function app_private.roll_call() from public;
grant execute on function app_private.roll_call() to postilion_worker;
comment on function app_private.roll_call() is 'Every enabled service that has work, and whether something is under way to do it.';
