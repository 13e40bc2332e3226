create or replace function app_hidden.require_note(p_note text)
returns text
language plpgsql
immutable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  if coalesce(length(btrim(p_note)), 0) not between 1 and 1000 then
    raise exception 'note: expected a reason, in 1,000 characters or fewer' using errcode = 'BADIN';
  end if;
  return btrim(p_note);
end;
$$;

revoke all on function app_hidden.require_note(text) from public;
comment on function app_hidden.require_note(text) is
  'The note without blanks around it. Raises BADIN unless there is one, of at most 1,000 characters.';
