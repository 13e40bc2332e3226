create or replace function app_hidden.ids_beginning(p_text text)
returns uuid[]
language sql
immutable
set search_path to pg_catalog, pg_temp
as $$
  select case when p_text ~* '^[0-9a-f]{8}[0-9a-f-]{0,28}$' and length(digits) <= 32
              then array[rpad(digits, 32, '0')::uuid, rpad(digits, 32, 'f')::uuid] end
    from replace(p_text, '-', '') as digits;
$$;

revoke all on function app_hidden.ids_beginning(text) from public;
comment on function app_hidden.ids_beginning(text) is
  'The first and the last id that begin with at least eight digits, so that an index finds them; null: it is no beginning of an id.';
