// Tells when a process that has loaded alive.cjs is gone, by a connection that the system closes with it.
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Lifeline {
  /** The environment of a process that has loaded alive.cjs. */
  readonly env: NodeJS.ProcessEnv;
  /** The number of processes, and of their threads, that have loaded it. */
  readonly begun: number;
  /** Settles when the first of them has loaded it. */
  first(): Promise<void>;
  /** Settles when all of them are gone. */
  gone(): Promise<void>;
  close(): void;
}

export async function lifeline(): Promise<Lifeline> {
  const path =
    process.platform === 'win32'
      ? `\\\\.\\pipe\\unroll-${process.pid}-${Math.random()}`
      : join(tmpdir(), `unroll-${process.pid}-${Math.random()}.sock`);
  const sockets: Socket[] = [];
  const closed: Promise<unknown>[] = [];
  const first = Promise.withResolvers<void>();
  const server = createServer((socket) => {
    sockets.push(socket);
    first.resolve();
    socket.on('error', () => {}).resume();
    closed.push(once(socket, 'close'));
  });
  server.listen(path);
  await once(server, 'listening');
  return {
    env: { ...process.env, UNROLL_TEST_SOCKET: path },
    get begun() {
      return sockets.length;
    },
    first: () => first.promise,
    gone: async () => void (await Promise.all(closed)),
    close: () => void server.close(),
  };
}
