// The websockets that Grafserv brings along come without types. Only what we use is declared.
declare module 'ws' {
  import type { EventEmitter } from 'node:events';
  import type { IncomingMessage } from 'node:http';
  import type { Duplex } from 'node:stream';

  export default class WebSocket extends EventEmitter<{
    message: [data: Buffer];
    pong: [];
    close: [code: number, reason: Buffer];
    error: [error: Error];
  }> {
    readonly OPEN: number;
    readonly readyState: number;
    /** The subprotocol that was agreed on. */
    readonly protocol: string;
    send(data: string, sent: (error?: Error) => void): void;
    close(code: number, reason: string): void;
    ping(): void;
    /** Without a farewell. */
    terminate(): void;
  }

  export class WebSocketServer {
    constructor(options: {
      noServer: true;
      /** Of one message, in bytes. */
      maxPayload: number;
      /** Chooses among the subprotocols that a client offers. */
      handleProtocols: (offered: Set<string>) => string | false;
    });
    handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, opened: (socket: WebSocket) => void): void;
  }
}
