// The one key that a login has is sent with its signature, without asking first whether it would do: a round trip less,
// and one look into the server's list of keys. ssh2 has no option for it, so its protocol is given another word here;
// where that isn't as expected, the question is asked as usual.
import type { Client, ParsedKey } from 'ssh2';

type Sign = (data: Buffer, done: (signature: Buffer) => void) => void;

/** RSA keys sign in one of several ways, and which of them the server takes is said in its answer. */
const ONE_WAY: readonly string[] = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521'];

/** To be called when the client has begun to connect, and with the only key that it will show. */
export function signAtOnce(client: Client, key: ParsedKey): void {
  const protocol: unknown = Reflect.get(client, '_protocol');
  if (typeof protocol !== 'object' || protocol === null || !ONE_WAY.includes(key.type)) return;
  const show: unknown = Reflect.get(protocol, 'authPK');
  if (typeof show !== 'function') return;
  Reflect.set(protocol, 'authPK', (user: unknown, shown: unknown, algorithm: unknown, given?: Sign) => {
    const send = (sign?: Sign): unknown => Reflect.apply(show, protocol, [user, shown, algorithm, sign]);
    const sign: Sign = (data, done) => {
      const signature = key.sign(data);
      if (signature instanceof Error) send();
      else done(signature);
    };
    send(given ?? sign);
  });
}
