create or replace function app_private.return_claims(p_service_id uuid, p_claim_token uuid, p_ids uuid[])
returns integer
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  perform app_hidden.lock_service(p_service_id);
  return app_hidden.give_back(p_service_id, array(
    select id from app_public.sub_tasks where id = any (p_ids) and claim_token = p_claim_token order by id for no key update));
end;
$$;

revoke all on function app_private.return_claims(uuid, uuid, uuid[]) from public;
grant execute on function app_private.return_claims(uuid, uuid, uuid[]) to postilion_worker;
comment on function app_private.return_claims(uuid, uuid, uuid[]) is
  'Gives back SubTasks that were claimed and not begun; those whose token is no longer current stay as they are. Answers how many went back.';
