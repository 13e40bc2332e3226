create or replace function app_hidden.replay_inbox(p_steps app_hidden.repair_step[])
returns bigint
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, app_private, pg_temp
as $$
declare
  v_count bigint := 0;
  v_now timestamptz := app_hidden.current_time();
  v_name text;
begin
  for v_name in select s.name from unnest(p_steps) as s where s.subject = 'parked' order by s.name loop
    v_count := v_count + (select replayed from app_private.replay_events(v_now - interval '7 days', v_now, v_name, 'failed', -1, 10000));
  end loop;
  perform app_private.wake_apply_events();
  return v_count + coalesce((select sum(s.how_many) from unnest(p_steps) as s where s.subject = 'waiting'), 0);
end;
$$;

revoke all on function app_hidden.replay_inbox(app_hidden.repair_step[]) from public;
comment on function app_hidden.replay_inbox(app_hidden.repair_step[]) is
  'Puts given-up webhooks back into the inbox and has it applied. Answers how many that concerns.';
