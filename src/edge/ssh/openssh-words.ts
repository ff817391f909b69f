// What the system's ssh says when it couldn't log in, as one line with what to do. It reads ssh's own English, which its
// sources hold and no locale changes; what it doesn't know it passes on.
import { filedAs } from './known-hosts.ts';
import type { Connection } from '../../model/inventory.ts';

export interface Why {
  readonly why: string;
  readonly again: boolean;
}

interface Words {
  readonly said: RegExp;
  readonly again: boolean;
  /** Without it, the line in which the words were found. */
  readonly tell?: (text: string, connection: Connection) => string;
}

const place = ({ address, port }: Connection): string => `${address} port ${port}`;
const found = (text: string, pattern: RegExp): string => pattern.exec(text)?.[1] ?? '';

/** From the most telling to the least: one failure is told in several lines. */
const WORDS: readonly Words[] = [
  { said: /REVOKED HOST KEY DETECTED/, again: false, tell: (text, to) => revoked(text, to) },
  { said: /HOST IDENTIFICATION HAS CHANGED/, again: false, tell: (text, to) => changed(text, to) },
  { said: /host key is known for .* strict checking/, again: false, tell: (_, to) => unknown(to) },
  { said: /Host key verification failed/, again: false },
  { said: /Too many authentication failures/, again: false, tell: tooMany },
  { said: /Permission denied \(/, again: false, tell: denied },
  { said: /Could not resolve hostname .*Temporary failure/i, again: true },
  { said: /Could not resolve hostname/i, again: false, tell: (_, to) => `${place(to)}: no such name` },
  {
    said: /Connection refused/,
    again: true,
    tell: (_, to) => `${place(to)}: nothing listens there (connection refused)`,
  },
  { said: /No route to host/, again: true, tell: (_, to) => `${place(to)}: no route to it` },
  { said: /Network is unreachable/, again: true, tell: (_, to) => `${place(to)}: no route to its network` },
  { said: /timed out/i, again: true, tell: (_, to) => `${place(to)}: no answer` },
  {
    said: /Exceeded MaxStartups|Connection (?:closed|reset) by/,
    again: true,
    tell: (_, to) => `${place(to)}: it cut the connection`,
  },
];

/** @param text all that it said on its standard error */
export function loginFailure(text: string, connection: Connection): Why {
  const words = WORDS.find(({ said }) => said.test(text));
  // Without a word it was killed, or its line was cut in the middle of the login.
  if (words === undefined) return { why: `${place(connection)}: ssh: ${lastLine(text)}`, again: text.trim() === '' };
  const why = words.tell?.(text, connection) ?? `${place(connection)}: ${lineWith(text, words.said)}`;
  return { why, again: words.again };
}

function lineWith(text: string, words: RegExp): string {
  return (
    text
      .split('\n')
      .find(line => words.test(line))
      ?.trim() ?? ''
  );
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim() || 'it ended without a word';
}

/** `root@bjork: Permission denied (publickey,password).` */
function denied(text: string, to: Connection): string {
  const offered = found(text, /Permission denied \(([^)]*)\)/);
  const unread = found(text, /^(?:Load key|Warning: Identity file) (.*)$/m);
  return `${filedAs(to)} refuses ${to.user} (it takes ${offered})${unread === '' ? '' : `; not used: ${unread}`}`;
}

function tooMany(_: string, to: Connection): string {
  return `${filedAs(to)} refuses ${to.user}: too many keys were tried; name the right one as identity_file`;
}

/**
 *     The fingerprint for the ED25519 key sent by the remote host is
 *     SHA256:....
 *     Offending ED25519 key in /root/.ssh/known_hosts:3
 *       remove with:
 *       ssh-keygen -f "/root/.ssh/known_hosts" -R "bjork"
 */
function changed(text: string, to: Connection): string {
  const [type, print] = [found(text, /for the (\S+) key sent/), found(text, /^(SHA256:[^\s.]+)/m)];
  const at = found(text, /^Offending (?:\S+ )?key in (.*)$/m);
  const remove = found(text, /^\s*(ssh-keygen .*)$/m);
  const what = `the host key of ${filedAs(to)} has changed: it shows ${type} ${print}, another is known (${at})`;
  return `${what}; find out at its console why; only then remove the old one: ${remove}`;
}

function revoked(text: string, to: Connection): string {
  const type = found(text, /^The (\S+) host key for .* is marked as revoked/m);
  return `the ${type} host key of ${filedAs(to)} is marked @revoked: whoever answers there isn't to be believed`;
}

function unknown(to: Connection): string {
  const known = to.knownHosts?.[0] ?? '~/.ssh/known_hosts';
  const scan = `ssh-keyscan${to.port === 22 ? '' : ` -p ${to.port}`} ${to.address} >> ${known}`;
  return `the host key of ${filedAs(to)} is not known; compare it at its console, then: ${scan}`;
}
