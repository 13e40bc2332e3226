// Loaded into runners before their own code: a provider that accepts every mail at once, without a wire. Only the benchmark knows it.
import { addProvider } from '../../src/providers/registry.ts';

addProvider({
  name: 'noop',
  needsBaseUrl: false,
  remembersRequestIds: false,
  takesReturnPaths: false,
  missingCredentials: () => [],
  open: () => ({
    send: async ({ requestId }) => ({ kind: 'accepted', messageId: requestId, response: 'ok' }),
    close: async () => {},
  }),
});
