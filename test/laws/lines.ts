// One command's line cut, once: before the host hears of it, while it works (it works on), or after it has ended,
// unheard. Which commands change something is told from their words, not from our own builders.
import type { HostName } from '../../src/model/ids.ts';
import type { Host } from '../../src/model/ports.ts';
import { type Subject, tried } from './subject.ts';
import { siteOf } from './world.ts';

export type Cut = 'before' | 'during' | 'after';
export const CUTS: readonly Cut[] = ['before', 'during', 'after'];

const CHANGES =
  /\/(sysadm (maintain -[se]|evacuate(?! -l))|zoneadm -z \S+ (boot|shutdown|halt|attach|detach|migrate)|beadm (create|destroy|activate|set-policy|unmount)|pkg update|svccfg|svcadm|shutdown|reboot|init) ?/;

const isChange = (line: string): boolean => CHANGES.test(line);

/** The same subject, with the n-th changing command cut. */
export function cutLine(subject: Subject, n: number, cut: Cut): Subject {
  return {
    ...subject,
    setting(world, journal) {
      const setting = subject.setting?.(world, journal) ?? {};
      const reach = setting.hosts ?? world.hosts;
      let seen = 0;
      const strikes = (line: string): boolean => isChange(line) && ++seen === n;
      return { ...setting, hosts: (name: HostName) => cutting(reach(name), strikes, cut) };
    },
  };
}

function cutting(host: Host, strikes: (line: string) => boolean, cut: Cut): Host {
  return {
    ...host,
    async exec(line, options) {
      if (!strikes(line)) return host.exec(line, options);
      if (cut !== 'before') await host.exec(line, cut === 'during' ? { ...options, limitMs: 1 } : options);
      return { is: 'lost', out: '', err: '' };
    },
  };
}

/** The changing commands of a whole run, in order. */
export async function changesOf(subject: Subject): Promise<readonly string[]> {
  const world = await subject.makeWorld();
  const { sent } = siteOf(world).simulated;
  const before = sent.length;
  await tried(subject, { world });
  return sent
    .slice(before)
    .map(({ line }) => line)
    .filter(isChange);
}
