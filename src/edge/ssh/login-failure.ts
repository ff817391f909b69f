// Why a login came to nothing, in one line for the operator, and whether it may work in a moment.
import type { Hop } from '../../model/inventory.ts';
import { errorCode } from '../files.ts';
import type { No } from './jump-hosts.ts';
import type { Identity } from './keyring.ts';
import { filedAs } from './known-hosts.ts';

const SOCKET_WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ETIMEDOUT: 'no answer',
  EHOSTUNREACH: 'no route to it',
  ENETUNREACH: 'no route to its network',
  ENOTFOUND: 'no such name',
  ECONNRESET: 'it cut the connection',
};

export type Failure = Error & { readonly level?: string };

/** @param error what ssh2 says, with the level that it gives to it. */
export function explained(error: Failure, hop: Hop, { tried, left }: Identity): No {
  const place = `${hop.address} port ${hop.port}`;
  const no = (why: string, again: boolean): No => ({ is: 'no', why, again });
  switch (error.level) {
    case 'client-authentication': {
      const others = left.length > 0 ? `; not tried: ${left.join('; ')}` : '';
      return no(`${filedAs(hop)} refuses ${hop.user} with ${tried.join(', ')}${others}`, false);
    }
    case 'client-timeout':
      return no(`${place}: no SSH session within ${Math.round(hop.connectTimeoutMs / 1000)} s`, true);
    case 'client-socket': {
      const code = errorCode(error);
      return no(`${place}: ${SOCKET_WORDS[code] ?? error.message}`, code !== 'ENOTFOUND');
    }
    case 'handshake':
      return no(`${place}: no SSH handshake: ${error.message}`, CUT.test(error.message));
    default:
      return no(`${place}: ${error.message}`, true);
  }
}

/** A server with too many logins under way hangs up in the middle of one. */
const CUT = /connection lost before handshake/i;
