create or replace function app_hidden.text_width(p_text text)
returns integer
language sql
immutable
set search_path to pg_catalog, pg_temp
as $$
  select length(p_text) + case when octet_length(p_text) = length(p_text) then 0 else length(regexp_replace(p_text,
    '[^\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\U0001f300-\U0001faff\U00020000-\U0003fffd]', '', 'g')) end;
$$;

revoke all on function app_hidden.text_width(text) from public;
comment on function app_hidden.text_width(text) is
  'How many columns of a terminal a text takes: Chinese, Japanese and Korean letters, and pictures, take two.';
