create or replace function app_hidden.clipped(p_text text, p_width integer)
returns text
language sql
immutable
set search_path to pg_catalog, app_hidden, pg_temp
as $$
  select case when line is null or app_hidden.text_width(line) <= p_width then line else app_hidden.text_start(line, p_width - 1) || '…' end
    from regexp_replace(left(p_text, 2000), '[[:cntrl:]]+', ' ', 'g') as line;
$$;

revoke all on function app_hidden.clipped(text, integer) from public;
comment on function app_hidden.clipped(text, integer) is 'A text as one line of at most so many columns.';
