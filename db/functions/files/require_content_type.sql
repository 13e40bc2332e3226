create or replace function app_hidden.require_content_type(p_content_type text)
returns void
language plpgsql
immutable
set search_path to pg_catalog, pg_temp
as $$
begin
  if lower(p_content_type) !~ '^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$' then
    raise exception 'contentType: expected a type and subtype without parameters, such as application/pdf' using errcode = 'BADIN';
  end if;
  if lower(p_content_type) ~ '^(message|multipart)/' then
    raise exception 'contentType: a part of this type can not be sent byte for byte; use application/octet-stream' using errcode = 'BADIN';
  end if;
end;
$$;

revoke all on function app_hidden.require_content_type(text) from public;
comment on function app_hidden.require_content_type(text) is 'Raises BADIN, naming the field, when a file can not have this type (RFC 6838, 4.2).';
