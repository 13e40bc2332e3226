-- Found by their places, which can't change while they are locked: a lookup by key costs more, and under a held snapshot ever more.
create or replace function app_hidden.mark_sent(p_places tid[], p_results app_private.send_result[], p_entered timestamptz)
returns void
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_private, pg_temp
as $$
begin
  update app_public.sub_tasks st
     set status = 'sent', sent_at = p_entered, message_id = coalesce(r.message_id, st.message_id), provider_response = left(r.response, 1000),
         round_trip_ms = r.round_trip_ms, error_code = null, error_message = null, lease_expires_at = null
    from unnest(p_results) as r
   where st.ctid = any (p_places) and r.id = st.id;
end;
$$;

revoke all on function app_hidden.mark_sent(tid[], app_private.send_result[], timestamptz) from public;
comment on function app_hidden.mark_sent(tid[], app_private.send_result[], timestamptz) is 'Says of locked rows that the provider has accepted them.';
