create or replace function app_hidden.check_consistency()
returns setof app_hidden.health_line
language sql
stable
set search_path to pg_catalog, app_hidden, ops, pg_temp
as $$
  select 'consistency', case when bool_or(state = 'critical') then 'critical' when bool_or(state = 'warning') then 'warning' else 'ok' end,
         case when bool_or(state <> 'ok') then string_agg(says, ' ' order by state = 'warning', name) filter (where state <> 'ok')
              else 'Statistics, slots and months add up.' end,
         coalesce(string_agg(distinct remedy, ' ') filter (where state <> 'ok'), ''), false,
         jsonb_object_agg(name, how_many)
    from ops.read_consistency();
$$;

revoke all on function app_hidden.check_consistency() from public;
comment on function app_hidden.check_consistency() is 'Whether what is kept agrees with what is.';
