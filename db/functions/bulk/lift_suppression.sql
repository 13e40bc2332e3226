-- Whoever lifts what a recipient asked for answers for it: nothing is lifted without a note, and who did it stays on record.
create or replace function app_public.lift_suppression(p_workspace_id uuid, p_email text, p_note text)
returns app_public.suppressions
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_email text := lower(btrim(p_email));
  v_note text := app_hidden.require_note(p_note);
  v_suppression app_public.suppressions;
begin
  perform app_hidden.demand('editor', p_workspace_id);
  delete from app_public.suppressions
   where workspace_id = p_workspace_id and email_hash = sha256(convert_to(v_email, 'UTF8'))
  returning * into v_suppression;
  if not found then
    raise exception 'email: this address is not suppressed in the workspace' using errcode = 'NTFND';
  end if;
  update app_public.contacts set status = 'active' where workspace_id = p_workspace_id and email = v_email and status <> 'active';
  insert into app_public.suppression_changes (workspace_id, email_hash, action, reason, note, user_id, created_at)
  values (p_workspace_id, v_suppression.email_hash, 'lifted', v_suppression.reason, v_note, app_hidden.signed_in_id(), app_hidden.current_time());
  return v_suppression;
end;
$$;

revoke all on function app_public.lift_suppression(uuid, text, text) from public;
grant execute on function app_public.lift_suppression(uuid, text, text) to postilion_user, postilion_admin;
comment on function app_public.lift_suppression(uuid, text, text) is
  'Lets a workspace write to an address again, whatever suppressed it; its Contact is active again. The note says why that is right, and is kept. Raises NTFND, FRBDN, and BADIN naming the field.';
