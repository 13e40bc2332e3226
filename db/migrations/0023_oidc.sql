create table app_private.sign_in_codes (
  code_hash bytea primary key check (octet_length(code_hash) = 32),
  user_id uuid not null references app_public.users on delete cascade,
  expires_at timestamptz not null
);
create index sign_in_codes_by_user on app_private.sign_in_codes (user_id);
create index sign_in_codes_by_expiry on app_private.sign_in_codes (expires_at);
alter table app_private.sign_in_codes enable row level security;
comment on table app_private.sign_in_codes is 'SHA-256 of codes by which a client begins the session of who has just signed in elsewhere, once.';
