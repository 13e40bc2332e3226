// Promise: our ids are found where we put them and where providers move them, and it is told which of the two.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedValuesOf, ourIds, ownMessageId } from '../../src/providers/webhook_ids.ts';

const SUB_TASK = '018f3c1e-7d2a-7c4b-9a51-3f2b6c8d9e0f';
const OTHER = '018f3c1e-7d2a-7c4b-9a51-000000000000';
const NONE = { subTaskId: null, subTaskIdFrom: null, trackingId: null };

test('arguments of ours are taken at their word', () => {
  assert.deepEqual(ourIds({ subtask_id: SUB_TASK.toUpperCase(), tracking_id: 't1' }), {
    subTaskId: SUB_TASK,
    subTaskIdFrom: 'custom_args',
    trackingId: 't1',
  });
});

test('found elsewhere they count as found in the payload', () => {
  const found = { subTaskId: SUB_TASK, subTaskIdFrom: 'payload', trackingId: null };
  assert.deepEqual(ourIds(JSON.stringify({ subtask_id: SUB_TASK })), found);
  assert.deepEqual(ourIds({ unique_args: { subtask_id: SUB_TASK } }), found);
  assert.deepEqual(ourIds({ variables: JSON.stringify({ subtask_id: SUB_TASK }) }), found);
  assert.deepEqual(ourIds({}, { 'x-Postilion-sub-task': SUB_TASK }), found);
  assert.deepEqual(ourIds({}, `Subject: Hello\r\nx-postilion-sub-task:  ${SUB_TASK}\r\n\r\nBody`), found);
});

test('our own arguments win over what stands elsewhere', () => {
  const ids = ourIds({ subtask_id: SUB_TASK, nested: { subtask_id: OTHER, tracking_id: 't2' } }, { subtask_id: OTHER });
  assert.deepEqual(ids, { subTaskId: SUB_TASK, subTaskIdFrom: 'custom_args', trackingId: 't2' });
});

test('tags and headers are read in either form, the first value of a name', () => {
  const values = { name: 'first', other: 'value' };
  assert.deepEqual(namedValuesOf({ name: ['first', 'second'], other: 'value' }), values);
  const list = [
    { name: 'name', value: 'first' },
    null,
    { name: 'other', value: 'value' },
    { name: 'name', value: '2' },
  ];
  assert.deepEqual(namedValuesOf(list), values);
  for (const none of [null, 'text', 7, []]) assert.deepEqual(namedValuesOf(none), {});
});

test('a Message-ID that we wrote names its SubTask, and no other that begins with an id does', () => {
  const messageId = `${SUB_TASK}.2@news.example.com`;
  assert.deepEqual(ownMessageId(`<${messageId}>`), { messageId, subTaskId: SUB_TASK });
  for (const other of [`<${SUB_TASK}@example.com>`, SUB_TASK, '', null]) assert.equal(ownMessageId(other), null);
});

test('what is no id is none', () => {
  for (const args of [
    null,
    1,
    [],
    'text',
    '{"subtask_id"',
    '"subtask_id"',
    { subtask_id: 'x', tracking_id: ' ' },
    { subtask_id: [SUB_TASK] },
  ]) {
    assert.deepEqual(ourIds(args), NONE, JSON.stringify(args));
  }
  assert.deepEqual(ourIds({}, `a line about X-Postilion-Sub-Task: ${SUB_TASK}`), NONE);
});
