create or replace function app_hidden.counts_text(p_counts jsonb)
returns text
language sql
immutable
set search_path to pg_catalog, pg_temp
as $$
  select coalesce(string_agg(format('%s %s', value, replace(key, '_', ' ')), ', ' order by value::bigint desc, key), 'none')
    from jsonb_each_text(p_counts) where value <> '0';
$$;

revoke all on function app_hidden.counts_text(jsonb) from public;
comment on function app_hidden.counts_text(jsonb) is 'Counts by their names, the greatest first, without those that are 0.';
