// Whose machine this is, for SSH configurations that ask.
import { homedir, hostname, userInfo } from 'node:os';
import type { Surroundings } from '../model/ports.ts';

export function surroundings(): Surroundings {
  const { username, uid } = userInfo();
  return { home: homedir(), user: username, uid, host: hostname(), env: name => process.env[name] ?? null };
}
