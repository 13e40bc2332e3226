create or replace function app_hidden.wrapped(p_text text, p_width integer)
returns setof text
language plpgsql
immutable
set search_path to pg_catalog, app_hidden, pg_temp
as $$
declare
  v_word text;
  v_line text := '';
  v_start text;
begin
  foreach v_word in array regexp_split_to_array(btrim(regexp_replace(p_text, '[[:cntrl:]]+', ' ', 'g')), ' +') loop
    if v_line <> '' and app_hidden.text_width(v_line) + 1 + app_hidden.text_width(v_word) > p_width then
      return next v_line;
      v_line := '';
    end if;
    v_line := btrim(v_line || ' ' || v_word);
    while app_hidden.text_width(v_line) > p_width loop
      v_start := app_hidden.text_start(v_line, p_width);
      return next v_start;
      v_line := substr(v_line, length(v_start) + 1);
    end loop;
  end loop;
  return next v_line;
end;
$$;

revoke all on function app_hidden.wrapped(text, integer) from public;
comment on function app_hidden.wrapped(text, integer) is
  'A text in lines of at most so many columns (two or more), broken between words where it can be.';
