-- Along the ledger and not along the mails: no index of theirs knows which were sent lately, and none shall be written with every mail for
-- the sake of those that nothing was heard of. A chunk is a stretch of a minute at least (time goes on while one walks: without a step there
-- would be no end) and ten at most, found by the summaries of the ledger's blocks. It ends with all mails of one moment, since a batch shares
-- its time. Beyond the doubled age and two days the walk goes on where that begins: a service that was away for a month is not asked about
-- all of it.
create or replace function app_private.take_unheard(p_service_id uuid, p_age interval, p_limit integer)
returns app_private.unheard
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_now timestamptz := app_hidden.current_time();
  v_from timestamptz;
  v_until timestamptz;
  v_unheard app_private.unheard;
begin
  insert into app_hidden.reconciliations (email_service_id, age, position)
    select id, p_age, created_at from app_public.email_services where id = p_service_id on conflict do nothing;
  select greatest(position, v_now - 2 * p_age - interval '2 days') into v_from
    from app_hidden.reconciliations
   where email_service_id = p_service_id and age = p_age and leased_until <= v_now
     for no key update skip locked;
  v_until := least(v_from + interval '10 minutes', v_now - p_age);
  if v_from is null or v_until < v_from + interval '1 minute' then
    return null;
  end if;
  update app_hidden.reconciliations set leased_until = v_now + interval '10 minutes' where email_service_id = p_service_id and age = p_age;
  with silent as (
    select c.changed_at, st.message_id, app_hidden.hand_over_window(st) as span
      from app_hidden.sub_task_changes c
      join app_public.sub_tasks st on st.id = c.sub_task_id
     where c.changed_at > v_from and c.changed_at <= v_until
       and c.service_id = p_service_id and c.to_status = 'sent'
       and st.status = 'sent' and st.service_id = p_service_id and st.message_id is not null
     order by c.changed_at
     fetch first p_limit rows with ties
  )
  select case when count(*) < p_limit then v_until else max(changed_at) end,
         coalesce(array_agg(message_id order by message_id), '{}'),
         coalesce(array_agg(lower(span) order by message_id), '{}'),
         coalesce(array_agg(upper(span) order by message_id), '{}')
    into v_unheard
    from silent;
  return v_unheard;
end;
$$;

revoke all on function app_private.take_unheard(uuid, interval, integer) from public;
grant execute on function app_private.take_unheard(uuid, interval, integer) to postilion_worker;
comment on function app_private.take_unheard(uuid, interval, integer) is
  'The next mails of a service, about p_limit, that became sent p_age ago and that nothing was heard of since, by the provider''s ids; nobody else gets them for 10 minutes. Null: there is nothing to look through yet, or somebody else does. Answer with finish_unheard.';
