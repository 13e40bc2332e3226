create or replace function app_private.check_suppression_import()
returns table (rejected bigint, lines bigint[])
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  update pg_temp.suppression_import set email = lower(btrim(email)) where octet_length(email) <> length(email);
  return query
    with refused as (
      delete from pg_temp.suppression_import
       where octet_length(email) <> length(email) and app_hidden.is_address(email) is not true
      returning line)
    select count(*), (coalesce(array_agg(line order by line), '{}'))[1:1000] from refused;
end;
$$;

revoke all on function app_private.check_suppression_import() from public;
grant execute on function app_private.check_suppression_import() to postilion_user, postilion_admin;
comment on function app_private.check_suppression_import() is
  'Takes out of the import under way what is not an address. Answers how many rows that were, and the lines of the first 1,000.';
