import type { IncomingMessage } from 'node:http';
// For its part of Grafast.RequestContext.
import type {} from 'postgraphile/grafserv/node';
import { Visit } from '../access/visit.ts';

/** Who opened the websockets that are open, by the request that did. */
export const socketVisits = new WeakMap<IncomingMessage, Visit>();

/** Whose operation it is. Without a visit nothing is answered: then something let a request through that nobody had looked at. */
export function visitOf({ koav2, ws }: Partial<Grafast.RequestContext>): Visit {
  if (ws !== undefined) return visitOfSocket(ws.request);
  const visit: unknown = koav2?.ctx.state['visit'];
  if (visit instanceof Visit) return visit;
  throw new Error('a request came past the gate');
}

/** Of its own for each operation, so that signing in as somebody else changes nothing for the others on this socket. */
function visitOfSocket(request: IncomingMessage | undefined): Visit {
  const opened = request && socketVisits.get(request);
  if (opened === undefined) throw new Error('a websocket came past the gate');
  return new Visit(opened.claims, opened.address);
}
