import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/**
 * How long a whole request may take, where Node knows but one time for all of them.
 * @param isExempt those that may take as long as the server's own requestTimeout, until they are answered
 */
export function limitRequestTime(server: Server, ms: number, isExempt: (request: IncomingMessage) => boolean): void {
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    if (isExempt(request)) response.once('finish', () => limit(request, ms));
    else limit(request, ms);
  });
}

function limit(request: IncomingMessage, ms: number): void {
  if (request.complete) return;
  const timer = setTimeout(() => giveUp(request), ms);
  request.once('end', () => clearTimeout(timer)).once('close', () => clearTimeout(timer));
}

/** As Node's own timeout does it. */
function giveUp({ complete, socket }: IncomingMessage): void {
  if (complete) return;
  socket.end('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n', () => socket.destroy());
}
