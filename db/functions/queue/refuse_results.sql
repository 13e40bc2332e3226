-- Settled by evidence meanwhile: what the provider calls such a mail is still worth knowing, its next events may bring nothing else.
create or replace function app_hidden.refuse_results(p_claim_token uuid, p_results app_private.send_result[], p_accepted uuid[])
returns uuid[]
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_private, pg_temp
as $$
declare
  v_refused uuid[] := array(select r.id from unnest(p_results) as r where r.id <> all (p_accepted) order by 1);
begin
  update app_public.sub_tasks st set message_id = r.message_id
    from unnest(p_results) as r
   where st.id = r.id and st.id = any (v_refused) and st.claim_token = p_claim_token and st.message_id is null and r.message_id is not null;
  return v_refused;
end;
$$;

revoke all on function app_hidden.refuse_results(uuid, app_private.send_result[], uuid[]) from public;
comment on function app_hidden.refuse_results(uuid, app_private.send_result[], uuid[]) is
  'The ids of results that come too late for their locked rows; of those rows it keeps what the provider calls them.';
