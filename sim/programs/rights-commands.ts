// profiles, auths, pfexec: what a user may do, and doing it.
import { PFEXEC_MARK, profilesOf } from '../world/rights.ts';
import type { HostProgram } from './call.ts';

const AUTHS: Readonly<Record<string, string>> = {
  'All Rights': 'solaris.*',
  'Maintenance and Repair': 'solaris.system.maintenance,solaris.system.shutdown',
  'Zone Migration': 'solaris.zone.migrate',
  'Zone Cold Migration': 'solaris.zone.migrate.cold',
  'Zone Management': 'solaris.zone.manage,solaris.smf.manage.zones',
  'Zone Configuration': 'solaris.zone.config',
  'Zone Security': 'solaris.zone.*,solaris.auth.delegate',
  'Software Installation': 'solaris.smf.manage.servicetags',
  'Service Management': 'solaris.smf.manage,solaris.smf.modify',
};

export const profiles: HostProgram = async ({ host }, proc, argv) => {
  const user = argv.slice(1).find(a => !a.startsWith('-'));
  const own = profilesOf(host, user ?? proc.user).map(p => (p === 'All Rights' ? 'All' : p));
  const names = own.includes('All') ? own : [...own, 'Basic Solaris User', 'All'];
  const lead = user === undefined ? '' : `${user}:\n`;
  await proc.out(`${lead}${names.map(n => (user === undefined ? n : `          ${n}`)).join('\n')}\n`);
  return 0;
};

export const auths: HostProgram = async ({ host }, proc, argv) => {
  const user = argv[1] ?? proc.user;
  const own = profilesOf(host, user).map(p => AUTHS[p] ?? '');
  const all = [...own, 'solaris.admin.wusb.read', 'solaris.mail.mailq'].filter(a => a !== '');
  await proc.out(`${all.join(',')}\n`);
  return 0;
};

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/** Never asks for anything. Without a fitting profile the command runs with the user's own rights, and is refused there. */
export const pfexec: HostProgram = async (_here, proc, argv) => {
  const words = argv.slice(1);
  if (words.length === 0 || words[0]?.startsWith('-') === true) {
    await proc.err('usage: pfexec [-P privset] cmd [arg ..]\n');
    return 1;
  }
  return proc.run(`${PFEXEC_MARK}=1 exec ${words.map(quoted).join(' ')}`);
};
