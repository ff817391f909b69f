// Who may log in: the accounts of the host, with the lab's one key. Everything else is refused as sshd refuses it, so
// that a client that tries `none`, a password or a wrong key sees what it would see on a host.
import type { AuthContext, ParsedKey } from 'ssh2';

const METHODS: 'publickey'[] = ['publickey'];

/** Answers one attempt. A right key without a signature is only a question, and is told to go on. */
export function answerLogin(context: AuthContext, hasUser: (user: string) => boolean, key: ParsedKey): void {
  if (context.method !== 'publickey' || !hasUser(context.username)) return context.reject(METHODS);
  const isOurs = context.key.algo === key.type && key.getPublicSSH().equals(context.key.data);
  if (!isOurs) return context.reject(METHODS);
  const { signature, blob, hashAlgo } = context;
  if (signature === undefined || blob === undefined) return context.accept();
  return key.verify(blob, signature, hashAlgo) ? context.accept() : context.reject(METHODS);
}
