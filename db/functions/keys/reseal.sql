-- Only what is still as it was read: whoever gave a service other credentials meanwhile sealed those himself.
create or replace function app_private.reseal(p_kinds text[], p_ids uuid[], p_old bytea[], p_new bytea[], p_tags bytea[])
returns integer
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_private, app_hidden, pg_temp
as $$
declare
  v_credentials integer;
  v_signing integer;
  v_channels integer;
begin
  perform from app_private.email_service_credentials where email_service_id = any (p_ids) order by email_service_id for no key update;
  update app_private.email_service_credentials c
     set sealed = given.new, account_tag = case when c.account_tag is not null then given.tag end, updated_at = app_hidden.current_time()
    from unnest(p_kinds, p_ids, p_old, p_new, p_tags) as given (kind, id, old, new, tag)
   where given.kind = 'credentials' and c.email_service_id = given.id and c.sealed = given.old;
  get diagnostics v_credentials = row_count;
  perform from app_private.webhook_secrets where id = any (p_ids) order by id for no key update;
  update app_private.webhook_secrets w
     set sealed = given.new
    from unnest(p_kinds, p_ids, p_old, p_new) as given (kind, id, old, new)
   where given.kind = 'signing' and w.id = given.id and w.sealed = given.old;
  get diagnostics v_signing = row_count;
  perform from app_private.alert_channel_secrets where alert_channel_id = any (p_ids) order by alert_channel_id for no key update;
  update app_private.alert_channel_secrets s
     set sealed = given.new
    from unnest(p_kinds, p_ids, p_old, p_new) as given (kind, id, old, new)
   where given.kind = 'channel' and s.alert_channel_id = given.id and s.sealed = given.old;
  get diagnostics v_channels = row_count;
  return v_credentials + v_signing + v_channels;
end;
$$;

revoke all on function app_private.reseal(text[], uuid[], bytea[], bytea[], bytea[]) from public;
comment on function app_private.reseal(text[], uuid[], bytea[], bytea[], bytea[]) is
  'Puts newly sealed values in place of those that are still the old ones, and the tags of their accounts where they had one. Answers how many. The owner''s alone.';
