// Promise: what bounds a service (lanes and their caps, a warm-up, a rate) is set and read back over GraphQL, and a bad value is refused by name.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as operations from './operations.ts';
import { at, startTestServer, textAt } from './support.ts';

suite('what bounds a service', async () => {
  const { data, graphql } = await startTestServer();
  const serviceId = textAt(
    await data(operations.createEmailService, { input: operations.aService }),
    'createEmailService.emailService.id',
  );

  const refusal = async (query: string, variables: object) => {
    const { errors } = await graphql(query, variables);
    return [errors?.[0]?.extensions?.code, errors?.[0]?.extensions?.field];
  };

  test('a lane of two domains, capped, and the cap raised', async () => {
    await data(operations.createLane, { name: 'big' });
    for (const domain of ['big.example', 'big.test'])
      await data(operations.createLaneDomain, { input: { domain, lane: 'big' } });
    const input = { emailServiceId: serviceId, lane: 'big', dailyCap: 100 };
    await data(operations.createEmailServiceCap, { input });
    await data(operations.updateEmailServiceCap, {
      input: { emailServiceId: serviceId, lane: 'big', patch: { dailyCap: 200 } },
    });
    assert.deepEqual(await data(operations.lane, { name: 'big' }), {
      lane: {
        name: 'big',
        domains: { nodes: [{ domain: 'big.example' }, { domain: 'big.test' }] },
        caps: { nodes: [{ dailyCap: 200, used: 0, emailService: { id: serviceId } }] },
      },
    });
  });

  test('a warm-up and a rate', async () => {
    for (const [day, dailyCap] of [
      [1, 50],
      [3, 100],
    ])
      await data(operations.createEmailServiceWarmUp, { input: { emailServiceId: serviceId, day, dailyCap } });
    const patch = { ratePerSecond: 2.5, warmUpStartedOn: '2030-01-01' };
    await data(operations.updateEmailService, { input: { id: serviceId, patch } });
    assert.deepEqual(at(await data(operations.warmUp, { id: serviceId }), 'emailService'), {
      ...patch,
      successRate: 1,
      warmUp: {
        nodes: [
          { day: 1, dailyCap: 50 },
          { day: 3, dailyCap: 100 },
        ],
      },
    });
  });

  test('a bad value is refused by the name of its field', async () => {
    assert.deepEqual(await refusal(operations.createLane, { name: 'Big lane' }), ['BADIN', 'name']);
    const domain = { domain: 'Big.example', lane: 'big' };
    assert.deepEqual(await refusal(operations.createLaneDomain, { input: domain }), ['BADIN', 'domain']);
    const nowhere = { domain: 'other.example', lane: 'nowhere' };
    assert.deepEqual(await refusal(operations.createLaneDomain, { input: nowhere }), ['BADIN', 'lane']);
    const cap = { emailServiceId: serviceId, lane: '', dailyCap: -1 };
    assert.deepEqual(await refusal(operations.createEmailServiceCap, { input: cap }), ['BADIN', 'dailyCap']);
    const line = { emailServiceId: serviceId, day: 0, dailyCap: 1 };
    assert.deepEqual(await refusal(operations.createEmailServiceWarmUp, { input: line }), ['BADIN', 'day']);
    for (const ratePerSecond of [0, -1, 1e-20]) {
      const input = { id: serviceId, patch: { ratePerSecond } };
      assert.deepEqual(await refusal(operations.updateEmailService, { input }), ['BADIN', 'ratePerSecond']);
    }
  });
});
