// The providers we know, by the name that email_services.provider holds.
import { engagelab } from './engagelab.ts';
import type { Provider } from './provider.ts';
import { smtp } from './smtp.ts';

const known = new Map<string, Provider>([engagelab, smtp].map((provider) => [provider.name, provider]));

export const providers: ReadonlyMap<string, Provider> = known;

/** Adds a provider to those of this process alone, before it is asked for. */
export function addProvider(provider: Provider): void {
  known.set(provider.name, provider);
}

/** @throws Error that lists the known names when there is no such provider. */
export function providerNamed(name: string): Provider {
  const provider = providers.get(name);
  if (provider === undefined)
    throw new Error(`there is no provider ${JSON.stringify(name)}; known: ${[...providers.keys()].join(', ')}`);
  return provider;
}
