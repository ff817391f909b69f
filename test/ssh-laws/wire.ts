// Every socket of this process with its other end, when that is here too: what is under way between the two can be seen.
// Whoever imports this follows all sockets from then on.
import { subscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';

const clients = new Set<Socket>();
const servers = new Set<Socket>();
let changes = 0;

function follow(into: Set<Socket>, socket: Socket): void {
  changes += 1;
  into.add(socket);
  socket.once('close', () => {
    changes += 1;
    into.delete(socket);
  });
}

subscribe('net.server.socket', message => follow(servers, (message as { readonly socket: Socket }).socket));
// The channel for clients hears of `net.connect` only, and ssh2 makes its sockets itself.
const { connect } = Socket.prototype;
Socket.prototype.connect = function (this: Socket, ...how: unknown[]): Socket {
  follow(clients, this);
  return Reflect.apply(connect, this, how) as Socket;
};

/** A number that changes with every byte, every connection, and every end of one. */
export function traffic(): number {
  let sum = changes;
  for (const socket of clients) sum += socket.bytesRead + socket.bytesWritten;
  for (const socket of servers) sum += socket.bytesRead + socket.bytesWritten;
  return sum;
}

/** Both ports: a system gives one port to two connections at a time when they go to different places. */
const asClient = ({ localPort, remotePort }: Socket): string => `${localPort}-${remotePort}`;
const asServer = ({ localPort, remotePort }: Socket): string => `${remotePort}-${localPort}`;

/** Something was written and not yet read, or one end of a connection knows of it and the other doesn't yet. */
export function isOnTheWire(): boolean {
  if (clients.size !== servers.size) return true;
  const peers = new Map([...servers].map(socket => [asServer(socket), socket]));
  return [...clients].some(client => {
    const peer = peers.get(asClient(client));
    if (client.connecting || peer === undefined) return true;
    return client.bytesWritten !== peer.bytesRead || peer.bytesWritten !== client.bytesRead;
  });
}

function told(end: string, name: string, socket: Socket): string {
  const state = [
    socket.connecting && 'connecting',
    socket.isPaused() && 'paused',
    socket.readableEnded && 'read to its end',
    socket.writableEnded && 'ended',
    socket.destroyed && 'destroyed',
  ].filter(word => word !== false);
  const waiting = socket.writableLength + socket.readableLength;
  return `${name} ${end}: wrote ${socket.bytesWritten}, read ${socket.bytesRead}, ${waiting} in buffers${state.map(word => `, ${word}`).join('')}`;
}

/** Each end of each connection, in words, the two of one connection beside each other. */
export function wireReport(): readonly string[] {
  return [
    ...[...clients].map(socket => told('client', asClient(socket), socket)),
    ...[...servers].map(socket => told('server', asServer(socket), socket)),
  ].sort();
}
