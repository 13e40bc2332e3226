create or replace function app_hidden.text_start(p_text text, p_width integer)
returns text
language sql
immutable
set search_path to pg_catalog, app_hidden, pg_temp
as $$
  select case
    when p_text is null or app_hidden.text_width(p_text) <= p_width then p_text
    else coalesce((
      select string_agg(letter, '' order by place)
        from (select letter, place, sum(app_hidden.text_width(letter)) over (order by place) as upto
                from regexp_split_to_table(left(p_text, p_width), '') with ordinality as s (letter, place)) as measured
       where upto <= p_width), '')
  end;
$$;

revoke all on function app_hidden.text_start(text, integer) from public;
comment on function app_hidden.text_start(text, integer) is 'As much of the beginning of a text as so many columns hold.';
