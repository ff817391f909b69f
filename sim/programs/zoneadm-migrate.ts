// zoneadm migrate: live, warm or cold by the state of the zone. The hosts do the work (sim/world/migration.ts); this
// says what happens, in the words of the guide.
import { dryRun, kindOf, move, prepare } from '../world/migration.ts';
import type { Failure, Request } from '../world/migration.ts';
import { cancelled, notRunningLive } from '../world/texts.ts';
import { stateOf } from '../world/zones.ts';
import { isAlive } from './call.ts';
import { getopts, optionOf } from './options.ts';
import { complain } from './zoneadm.ts';
import type { ZoneCall } from './zoneadm.ts';

const CIPHERS = ['aes-128-ccm', 'aes-128-gcm', 'none'];

/** Above its text, a failed attach or configuration has a line of its own. */
async function report(call: ZoneCall, failure: Failure): Promise<number> {
  if (failure.operation === 'ATTACH') await complain(call, 'attach failed:');
  return complain(call, failure.text);
}

export async function migrate(call: ZoneCall): Promise<number> {
  const { here, proc, zone, args } = call;
  const options = getopts(args, 'nqwc:t:');
  const uri = options.rest[0];
  const type = optionOf(options, 't') ?? 'auto';
  if (options.bad !== null || uri === undefined || (type !== 'auto' && type !== 'live')) {
    await proc.err('usage:\tmigrate [-nqw] [-c cipher] [-t {auto|live}] <rad-uri>\n');
    return 2;
  }
  if (optionOf(options, 'c') === 'list') {
    await proc.out(`source ciphers: ${CIPHERS.join(',')}\ndestination ciphers: ${CIPHERS.join(',')}\n`);
    return 0;
  }
  const kind = kindOf(here.host, zone);
  if (kind === null) return complain(call, `zone is ${stateOf(here.host, zone)}; it must be running or installed`);
  if (type === 'live' && kind !== 'live') return complain(call, notRunningLive);
  return run(call, uri, {
    dry: options.given.has('n'),
    overwrite: options.given.has('w'),
    quiet: options.given.has('q'),
  });
}

interface How {
  readonly dry: boolean;
  readonly overwrite: boolean;
  readonly quiet: boolean;
}

async function run(call: ZoneCall, uri: string, how: How): Promise<number> {
  const { here, proc, zone } = call;
  let said: Promise<void> = Promise.resolve();
  const say = (line: string): void => {
    if (!how.quiet) said = said.then(() => proc.out(`zoneadm: zone '${zone.name}': ${line}\n`));
  };
  const busy = here.host.live.get(zone.name)?.aux;
  if (busy === 'migrating-out' || busy === 'migrating-in') return complain(call, 'migration is already in progress');
  const request: Request = {
    ...{ zone: zone.name, from: here.host, uri, user: proc.user, overwrite: how.overwrite, say },
    wanted: () => isAlive(here, proc),
  };
  const prepared = await prepare(here.fleet, request);
  const failure =
    prepared.is === 'failed' ? prepared : await (how.dry ? dryRun(here.fleet, prepared) : move(here.fleet, prepared));
  await said;
  if (failure === null) return 0;
  return report(call, failure.operation === 'CANCEL' ? { ...failure, text: cancelled } : failure);
}
