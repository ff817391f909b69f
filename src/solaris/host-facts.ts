// Everything that planning wants to know of a host, in one exec: the script. How its answers become facts is in
// host-facts-reader.ts. It changes nothing and leaves nothing behind.
import type { Command } from '../model/command.ts';
import { ok, refused, unreadable } from '../model/command.ts';
import type { Facts } from '../model/facts.ts';
import * as beadm from './beadm.ts';
import * as boot from './boot.ts';
import * as host from './host.ts';
import { readFacts } from './host-facts-reader.ts';
import { markFor, oneLine, type Part, partLine, partsOf, prologue } from './parts.ts';
import * as pkg from './pkg.ts';
import { privilegedLook, saidBy } from './reading.ts';
import * as smf from './smf.ts';
import * as sysadm from './sysadm.ts';
import * as zoneadm from './zoneadm.ts';
import * as zonecfg from './zonecfg.ts';

export interface Asking {
  /** The host's name in the inventory. */
  readonly host: string;
  /** When it is asked, ISO 8601 in UTC, by the controller's clock. */
  readonly at: string;
}

const HOST_PARTS: readonly Part[] = [
  { name: 'clock', argv: boot.clock().argv },
  { name: 'uname', argv: host.uname().argv },
  { name: 'boot', argv: boot.bootTime().argv },
  { name: 'be', argv: beadm.list().argv },
  { name: 'entire', argv: pkg.entire().argv },
  ...sysadm.PARTS,
  { name: 'rad remote', argv: smf.state(smf.RAD_REMOTE).argv },
  { name: 'memory', argv: host.memory().argv },
  { name: 'page size', argv: host.pageSize().argv },
  { name: 'free pages', argv: host.freePages().argv },
  { name: 'arc', argv: host.arcBytes().argv },
  { name: 'processors', argv: host.processors().argv },
  { name: 'processor class', argv: host.processorClass().argv },
  { name: 'pools', argv: host.pools().argv },
  { name: 'services', argv: smf.list().argv },
  { name: 'publishers', argv: pkg.publishers().argv },
  { name: 'user', argv: host.user().argv },
  { name: 'profiles', argv: host.profiles().argv },
  { name: 'auths', argv: host.authorizations().argv },
  { name: 'at work', argv: host.AT_WORK_ARGV },
  { name: 'auxiliary', argv: zoneadm.auxiliary().argv },
  { name: 'default target', argv: smf.defaultTarget().argv },
];

/**
 * Zones are listed once, into a variable, and the same list is both the answer and what the loop goes through. The
 * name is the second field, before any that may hold an escaped colon; names that zonecfg wouldn't take are left out
 * and end as unknown.
 */
function zoneLoop(): readonly string[] {
  const [zone, list] = ['"$zone"', zoneadm.list().argv.join(' ')];
  const each = (name: string, argv: readonly string[]) =>
    `part "${name} $zone" ${argv.map(word => word.replace(PLACE, zone)).join(' ')}`;
  const body = [
    'case $zone in ""|global|*[!A-Za-z0-9._-]*) continue ;; esac',
    `${each('info', zonecfg.info(PLACE).argv)} || ${each('short', zonecfg.infoShort(PLACE).argv)}`,
    each('target', smf.target(PLACE).argv),
    each('own', smf.ownTarget(PLACE).argv),
  ];
  return [
    'begin zones',
    `list=$(${list} </dev/null)`,
    'status=$?',
    `printf '%s\\n' "$list"`,
    'end zones "$status"',
    `printf '%s\\n' "$list" | while IFS=: read -r id zone rest; do ${oneLine(body)}; done`,
  ];
}

const PLACE = 'ZONE';

function factsScript(mark: string): string {
  return oneLine([...prologue(mark), ...HOST_PARTS.map(partLine), ...zoneLoop(), 'exit 0']);
}

/** Law: whatever can't be had or read is unknown in the facts; nothing is taken for empty. */
export function hostFacts(asking: Asking): Command<Facts> {
  const mark = markFor(`${asking.host} ${asking.at}`);
  return privilegedLook(['/bin/sh', '-c', factsScript(mark)], ended => {
    const parts = partsOf(mark, ended);
    if (parts.size > 0) return ok(readFacts(asking, mark, parts));
    if (ended.is === 'exited' && ended.code !== 0) return refused(saidBy(ended));
    return unreadable('', 'not one of the questions was answered');
  });
}
