-- Who takes webhooks in has them applied at once, unless it is killed between the two. Nothing is counted while somebody applies.
create or replace function app_private.resume_inbox(p_why text)
returns bigint
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_hidden, app_private, pg_temp
as $$
declare
  v_forgotten bigint := coalesce((select sum(p.how_many) from app_hidden.plan_events() as p where p.subject = 'waiting'), 0);
begin
  perform app_private.wake_apply_events();
  if v_forgotten > 0 then
    perform app_hidden.record_repair('wake_apply_events', null, p_why, v_forgotten);
  end if;
  return v_forgotten;
end;
$$;

revoke all on function app_private.resume_inbox(text) from public;
grant execute on function app_private.resume_inbox(text) to postilion_worker;
comment on function app_private.resume_inbox(text) is
  'Has the inbox applied. Webhooks that had been due for over a minute while nobody was told to apply them are entered into app_hidden.repairs, and answered how many; over 10,000 count as 10,000.';
