-- Each call is one chunk and one transaction. Mails first, each time: one may have been rendered meanwhile. The Contact goes last, and from then
-- on nothing can refer to it.
create or replace function app_private.continue_erasure(p_erasure_id uuid, p_limit integer)
returns boolean
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_erasure app_public.erasures;
begin
  select * into v_erasure from app_public.erasures where id = p_erasure_id for no key update;
  if not found or v_erasure.finished_at is not null then
    return false;
  end if;
  if app_hidden.erase_mails(v_erasure, p_limit) > 0 or app_hidden.scrub_events(p_erasure_id, p_limit) > 0 then
    return true;
  end if;
  perform app_hidden.scrub_strays(v_erasure);
  delete from app_public.contacts where id = v_erasure.contact_id;
  update app_public.erasures set email = null, finished_at = app_hidden.current_time() where id = p_erasure_id;
  return false;
end;
$$;

revoke all on function app_private.continue_erasure(uuid, integer) from public;
grant execute on function app_private.continue_erasure(uuid, integer) to postilion_worker;
comment on function app_private.continue_erasure(uuid, integer) is 'The next chunk of an erasure. Answers whether there is more to do.';
