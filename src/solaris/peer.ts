// Whether one host gets into another without being asked anything: what sysadm needs of both, since it has nobody to
// answer a prompt. Asked from the host that will do the work, as the user that will do it.
import type { Command } from '../model/command.ts';
import { privilegedLook, succeeded } from './reading.ts';
import { mapReading } from '../model/command.ts';
import type { RadUri } from './rad-uri.ts';

const SSH = '/usr/bin/ssh';

/** Refused in ssh's own words when a key, a password or an unknown host key stands between. */
export function reaches(peer: RadUri): Command<null> {
  const port = peer.port === null || peer.scheme !== 'ssh' ? [] : ['-p', String(peer.port)];
  const name = peer.user === '' ? peer.host : `${peer.user}@${peer.host}`;
  const never = ['-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=yes', '-o', 'ConnectTimeout=15'];
  return privilegedLook([SSH, ...never, ...port, name, 'true'], ended => mapReading(succeeded(ended), () => null));
}
