-- A mail program may save a file under its name: it must be one name, not a path, and read as it is written. The characters refused besides
-- control characters break lines or turn the direction of writing, by which "exe.fdp" would be shown as something else.
create or replace function app_hidden.require_file_name(p_name text)
returns void
language plpgsql
immutable
set search_path to pg_catalog, pg_temp
as $$
begin
  if length(p_name) not between 1 and 200 or p_name <> btrim(p_name) then
    raise exception 'name: expected 1 to 200 characters, without spaces around them' using errcode = 'BADIN';
  end if;
  if p_name in ('.', '..') or p_name ~ '[/\\]' then
    raise exception 'name: expected the name of a file, without a path' using errcode = 'BADIN';
  end if;
  if p_name ~ '[[:cntrl:]\u0080-\u009f\u2028-\u202e\u2066-\u2069]' then
    raise exception 'name: it must not hold control characters' using errcode = 'BADIN';
  end if;
end;
$$;

revoke all on function app_hidden.require_file_name(text) from public;
comment on function app_hidden.require_file_name(text) is 'Raises BADIN, naming the field, when a file can not be called so.';
