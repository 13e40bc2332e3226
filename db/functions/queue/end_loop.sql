-- What an exchange without an answer began was never written, whatever became of the rows since: their leases may have run out, and the loop may be
-- another's. Once this loop's token is gone no exchange of it that is still on its way can begin anything.
-- The next run is computed from the rows, under the lock, in a fresh snapshot: a wake that found this loop alive and left it at that is not lost.
create or replace function app_private.end_loop(p_service_id uuid, p_loop_token uuid, p_failed boolean, p_unanswered uuid)
returns boolean
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, app_private, pg_temp
as $$
declare
  v_service app_public.email_services := app_hidden.lock_service(p_service_id);
  v_unwritten app_private.send_result[];
begin
  v_unwritten := array(
    select row(id, 'not_sent', null, 'no_answer', 'the database''s answer was lost before the mail was written', null, null, null)::app_private.send_result
      from app_public.sub_tasks where service_id = p_service_id and phase in ('under_way', 'in_doubt') and claim_token = p_unanswered and status in ('sending', 'uncertain')
     order by id for no key update);
  if cardinality(v_unwritten) > 0 then
    perform app_private.complete_claims(p_service_id, array_fill(p_unanswered, array[cardinality(v_unwritten)]), v_unwritten);
  end if;
  if v_service.loop_token is distinct from p_loop_token then
    return false;
  end if;
  update app_public.email_services
     set loop_token = null, loop_pool = null, loop_expires_at = '-infinity',
         error_count = case when p_failed then least(error_count + 1, 20) else 0 end,
         retry_run_at = case
           when p_failed then app_hidden.current_time() + least(100 * 2 ^ error_count, 5000) * interval '1 ms'
           else '-infinity' end
   where id = p_service_id;
  perform app_hidden.give_back(p_service_id, array(
    select id from app_public.sub_tasks where service_id = p_service_id and phase = 'under_way' and status = 'allocated' order by id for no key update));
  perform app_private.wake_service(p_service_id);
  return true;
end;
$$;

revoke all on function app_private.end_loop(uuid, uuid, boolean, uuid) from public;
grant execute on function app_private.end_loop(uuid, uuid, boolean, uuid) to postilion_worker;
comment on function app_private.end_loop(uuid, uuid, boolean, uuid) is
  'Ends a loop: gives back what it had not begun and schedules the next run, after an error no earlier than a growing back-off (0.1 to 5 s). p_unanswered: the token of an exchange that got no answer; what it began was never written, or null. Answers false when the loop was no longer the service''s.';
