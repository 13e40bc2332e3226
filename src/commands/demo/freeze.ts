// A service that fails in the middle of a campaign, and what our side says of it afterwards.
import { z } from 'zod';
import type { SimulatorClient } from '../../simulator/client.ts';
import type { Snapshot } from './follow.ts';
import type { GraphqlClient } from './graphql_client.ts';

/** @returns what, told of the Task's progress, has the provider refuse the service's key as soon as half of the mails are sent. */
export function refusedHalfWay(simulator: SimulatorClient, service: string): (task: Snapshot) => Promise<void> {
  let refused = false;
  return async ({ statistics: { total, funnel } }) => {
    if (refused || funnel.sent === 0 || 2 * funnel.sent < total) return;
    refused = true;
    await simulator.setFaults({ accounts: { [service]: 'unauthorized' } });
  };
}

/** Why each service that is frozen for a fault is so, by name. */
export async function freezeReasons(client: GraphqlClient): Promise<Map<string, string>> {
  const { emailServices } = await client.request(
    z.object({
      emailServices: z.object({ nodes: z.array(z.object({ name: z.string(), freezeReason: z.string().nullable() })) }),
    }),
    '{ emailServices(first: 1000) { nodes { name freezeReason } } }',
  );
  return new Map(
    emailServices.nodes.flatMap(({ name, freezeReason }) => (freezeReason === null ? [] : [[name, freezeReason]])),
  );
}
