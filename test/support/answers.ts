import { connect } from 'node:net';

/** Whether somebody on this port of 127.0.0.1 greets whoever connects, as servers of mail do. */
export function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return new Promise<boolean>((resolve) => {
    socket.once('data', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  }).finally(() => socket.destroy());
}
