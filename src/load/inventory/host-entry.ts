// What may stand where an inventory names a host: `bjork`, `node[01:12]`, `bjork:2222`, `[2001:db8::1]:22`.
import { expandRange } from './range.ts';

export type HostEntry =
  | { readonly is: 'hosts'; readonly names: readonly string[]; readonly port: number | null }
  | { readonly is: 'wrong'; readonly why: string };

const BRACKETED = /^\[(.+)\]:([0-9]+)$/;
// A colon inside of brackets belongs to a range.
const WITH_PORT = /^((?:[^:[\]]|\[[^\]]*\])*):([0-9]+)$/;

export function readHostEntry(text: string): HostEntry {
  if (isIpv6(text)) return { is: 'hosts', names: [text], port: null };
  const [, address = text, port] = BRACKETED.exec(text) ?? WITH_PORT.exec(text) ?? [];
  if (address.endsWith(':') && !isIpv6(address)) return { is: 'wrong', why: 'a port is missing behind the colon' };
  const expanded = expandRange(address);
  if (expanded.is === 'wrong') return expanded;
  if (!expanded.names.every(isHostName)) {
    return { is: 'wrong', why: 'a name has letters, digits, dots, dashes and _, or is an IPv6 address' };
  }
  const taken = expanded.names.find(isTaken);
  if (taken !== undefined) return { is: 'wrong', why: `"${taken}" means something to this program: call it otherwise` };
  return { is: 'hosts', names: expanded.names, port: port === undefined ? null : Number(port) };
}

/**
 * What every object answers to (`constructor`, `toString`, `__proto__`): facts, waves and results are kept by the names of
 * their hosts, and one that nobody asked yet must not seem to have some.
 */
export const isTaken = (name: string): boolean => name in {};

export function isHostName(name: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name) || isIpv6(name);
}

/** Eight groups of hex digits, `::` standing for what is left out, perhaps an IPv4 address at the end. */
function isIpv6(text: string): boolean {
  if (!/^[0-9a-fA-F:]*:[0-9a-fA-F:]*(?:\d+\.\d+\.\d+\.\d+)?$/.test(text)) return false;
  const [before = '', after, more] = text.split('::');
  if (more !== undefined) return false;
  const groups = [...before.split(':'), ...(after ?? '').split(':')].filter(group => group !== '');
  const count = groups.length + (text.includes('.') ? 1 : 0);
  const whole = !/^:[^:]|[^:]:$/.test(text);
  return (
    whole &&
    groups.every(group => group.length <= 4 || group.includes('.')) &&
    (after === undefined ? count === 8 : count < 8)
  );
}
