-- Named as in app_hidden.repair_kinds, which a test holds together with it: an argument that can be wrong is refused before anything is asked.
create type app_public.repair_kind as enum ('pools', 'leases', 'slots', 'thaw', 'wake', 'tasks', 'partitions', 'events', 'fold', 'counters');
comment on type app_public.repair_kind is 'What can be repaired, in the order in which repairs help each other.';
grant usage on type app_public.repair_kind to postilion_visitor, postilion_user, postilion_admin;
