-- A person's decision is the gravest reason, so it replaces whatever was there. The Contact's own state is not touched.
create or replace function app_public.add_suppression(p_workspace_id uuid, p_email text, p_note text)
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
  perform app_hidden.require_workspace(p_workspace_id);
  if app_hidden.is_address(v_email) is not true then
    raise exception 'email: expected an address' using errcode = 'BADIN';
  end if;
  insert into app_public.suppressions as known (workspace_id, email, reason) values (p_workspace_id, v_email, 'manual')
  on conflict (workspace_id, email_hash) do update set reason = excluded.reason
  returning * into v_suppression;
  insert into app_public.suppression_changes (workspace_id, email_hash, action, reason, note, user_id, created_at)
  values (p_workspace_id, v_suppression.email_hash, 'added', 'manual', v_note, app_hidden.signed_in_id(), app_hidden.current_time());
  return v_suppression;
end;
$$;

revoke all on function app_public.add_suppression(uuid, text, text) from public;
grant execute on function app_public.add_suppression(uuid, text, text) to postilion_user, postilion_admin;
comment on function app_public.add_suppression(uuid, text, text) is
  'Has a workspace never write to an address again, until somebody lifts that. The note says why, and is kept. Raises NTFND, FRBDN, and BADIN naming the field.';
