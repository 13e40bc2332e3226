create type app_private.claim_hint as (task_id uuid, lane text, available_at timestamptz, position bigint, place tid);
comment on type app_private.claim_hint is 'The last row a claim took, where the next may begin to look, and the place in which it left its service''s row.';

create type app_private.claim as (
  outcome text,
  wait_ms double precision,
  claim_token uuid,
  task_id uuid,
  sub_task_ids uuid[],
  refusals smallint[],
  hint app_private.claim_hint
);
comment on type app_private.claim is 'What a claim came to. wait_ms: until the hand-over may begin (claimed), or until asking again is worth while (null: unknown). refusals: of each SubTask, definite ones.';
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

-- What a turn reads of a service under its lock, it changes in memory and writes once, at its end (save_service): these carry it along.
create type app_hidden.booking as (
  service app_public.email_services, claim app_private.claim, is_rewritten boolean,
  sender_email text, sender_display_name text, reply_to text, track_opens boolean, track_clicks boolean
);
comment on type app_hidden.booking is
  'What a claim came to, with what its mails have in common, and the service as it is after it, not yet written. is_rewritten: its row is in another place than when it was locked.';
create type app_hidden.held_service as (service app_public.email_services, place tid);
comment on type app_hidden.held_service is 'A locked service, and where its row stands.';
create type app_hidden.turn as (
  task_id uuid, place tid, workspace_id uuid, generation_finished_at timestamptz, track_opens boolean, track_clicks boolean,
  sender_name text, sender_display_name text, reply_to text
);
comment on type app_hidden.turn is 'The Task whose turn it is, what its mails have in common, and where the service keeps the turns of its workspace; null: it has had none.';
create type app_hidden.settlement as (service app_public.email_services, refused uuid[]);
comment on type app_hidden.settlement is 'The ids whose token was no longer current, and the service as it is after all others, not yet written.';
create type app_hidden.tally as (
  ids uuid[],
  ended integer,
  unsent integer,
  has_evidence boolean,
  handed_over boolean,
  accepted boolean,
  fault text,
  refuses text,
  asked_to_wait double precision,
  judged bigint,
  successes double precision,
  answers bigint,
  answer_ms double precision
);
comment on type app_hidden.tally is 'What the results of one claim amount to: the rows they concern, locked, and what they say about the service.';
