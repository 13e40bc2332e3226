create or replace function app_hidden.file_content(p_base64 text)
returns bytea
language plpgsql
immutable
set search_path to pg_catalog, app_hidden, pg_temp
as $$
declare
  v_content bytea;
begin
  v_content := decode(p_base64, 'base64');
  if coalesce(octet_length(v_content), 0) = 0 then
    raise exception 'contentBase64: the file is empty' using errcode = 'BADIN';
  end if;
  if octet_length(v_content) > 10000000 then
    raise exception 'contentBase64: a file may have 10 MB; this one has %', app_hidden.megabytes(octet_length(v_content)) using errcode = 'BADIN';
  end if;
  return v_content;
exception when invalid_parameter_value then
  raise exception 'contentBase64: %', sqlerrm using errcode = 'BADIN';
end;
$$;

revoke all on function app_hidden.file_content(text) from public;
comment on function app_hidden.file_content(text) is 'Decodes a file. Raises BADIN when it is not base64, empty, or above 10 MB.';
