create type app_private.claim_hint as (task_id uuid, lane text, available_at timestamptz, position bigint);
comment on type app_private.claim_hint is 'The last row a claim took: where the next may begin to look.';

create type app_private.claim as (
  outcome text,
  wait_ms double precision,
  claim_token uuid,
  task_id uuid,
  sub_task_ids uuid[],
  hint app_private.claim_hint
);
comment on type app_private.claim is 'What a claim came to. wait_ms: until the hand-over may begin (claimed), or until asking again is worth while (null: unknown).';
grant usage on type app_private.claim, app_private.claim_hint to postilion_worker;

create type app_private.send_result as (
  id uuid,
  kind text,
  message_id text,
  code text,
  message text,
  response text,
  round_trip_ms real,
  retry_after_ms double precision
);
comment on type app_private.send_result is
  'What handing one SubTask over came to. kind: accepted, refused, deferred, unusable, unknown, not_sent (the worker did not write to the provider).';
grant usage on type app_private.send_result to postilion_worker;
