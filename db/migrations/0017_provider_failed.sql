-- What failed by its provider's later word alone is taken back by any word that the mail was sent: they may come in either order.
insert into app_hidden.sub_task_transitions values ('failed', 'sent');
