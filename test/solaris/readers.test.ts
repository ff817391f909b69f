// Laws that hold for every reader, whatever the host says.
import { expect } from 'chai';
import fc from 'fast-check';
import type { Command, Finished, Reading } from '../../src/model/command.ts';
import * as beadm from '../../src/solaris/beadm.ts';
import * as boot from '../../src/solaris/boot.ts';
import * as host from '../../src/solaris/host.ts';
import { hostFacts } from '../../src/solaris/host-facts.ts';
import * as pkg from '../../src/solaris/pkg.ts';
import * as smf from '../../src/solaris/smf.ts';
import * as sysadm from '../../src/solaris/sysadm.ts';
import * as evacuate from '../../src/solaris/sysadm-evacuate.ts';
import * as maintain from '../../src/solaris/sysadm-maintain.ts';
import * as zoneadm from '../../src/solaris/zoneadm.ts';
import * as zonecfg from '../../src/solaris/zonecfg.ts';
import { exited, says, transcript, transcriptNames } from './transcript.ts';

const UPDATE = { be: 'r81', entire: null, everything: true, zonesAtOnce: 2 };
const MIGRATION = { zone: 'z', to: 'ssh://b', type: 'auto', overwrite: false } as const;

const LOOKS: Readonly<Record<string, Command<unknown>>> = {
  'zoneadm list': zoneadm.list(),
  'zoneadm list of one zone': zoneadm.listOne('z'),
  'zoneadm auxiliary states': zoneadm.auxiliary(),
  'zonecfg info': zonecfg.info('z'),
  'zonecfg export': zonecfg.exportOf('z'),
  'sysadm state': sysadm.state(),
  'sysadm maintain -l': maintain.list(),
  'sysadm maintain message': maintain.message(),
  'sysadm evacuate -l': evacuate.list(),
  'svcs list': smf.list(),
  'svcs of one service': smf.state('svc:/x'),
  'svcs -xv': smf.explain(),
  svcprop: smf.property('svc:/x', 'a/b'),
  'evacuation target': smf.target('z'),
  'pkg plan': pkg.updatePlan(UPDATE),
  'pkg list entire': pkg.entire(),
  'pkg publisher': pkg.publishers(),
  'beadm list': beadm.list(),
  'boot time': boot.bootTime(),
  clock: boot.clock(),
  uname: host.uname(),
  prtconf: host.memory(),
  'page size': host.pageSize(),
  'free pages': host.freePages(),
  arc: host.arcBytes(),
  psrinfo: host.processors(),
  'psrinfo -pv': host.processorClass(),
  'zpool list': host.pools(),
  id: host.user(),
  profiles: host.profiles(),
  auths: host.authorizations(),
  pgrep: host.atWork(),
  'host facts': hostFacts({ host: 'nacaozumbi', at: '2018-02-02T01:10:00Z' }),
};

const CHANGES: Readonly<Record<string, Command<unknown>>> = {
  'zoneadm boot': zoneadm.boot('z'),
  'zoneadm migrate': zoneadm.migrate(MIGRATION),
  'zoneadm migrate -n': zoneadm.migrateTrial(MIGRATION),
  'sysadm maintain -s': maintain.start('m'),
  'sysadm evacuate': evacuate.evacuate({ all: true, overwrite: false }),
  'sysadm evacuate -n': evacuate.evacuateTrial({ all: true }),
  'sysadm evacuate -r': evacuate.bringHome({ all: true }),
  'svccfg setprop': smf.setTarget('z', 'ssh://b'),
  'svcadm refresh': smf.refresh('svc:/x'),
  'pkg update': pkg.update(UPDATE),
  'beadm activate': beadm.activate('r81'),
  reboot: boot.reboot(),
};

// Arbitrary text finds little; pieces of real output, cut and mixed, find more.
const pieces = transcriptNames().flatMap(name => transcript(name).output.split('\n'));
const text = fc.oneof(
  fc.string(),
  fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 20 })), { maxLength: 6 })
    .map(lines => lines.join('\n')),
);
const finished: fc.Arbitrary<Finished> = fc.oneof(
  fc.record({ is: fc.constant('exited' as const), code: fc.nat(255), out: text, err: text }),
  fc.record({ is: fc.constant('exited' as const), code: fc.constant(0), out: text, err: fc.constant('') }),
  fc.record({ is: fc.constant('signalled' as const), name: fc.constantFrom('TERM', 'HUP'), out: text, err: text }),
);

function isReading(reading: Reading<unknown>): boolean {
  if (reading.is === 'ok') return true;
  return reading.is === 'refused' ? reading.why !== '' : typeof reading.line === 'string' && reading.why !== '';
}

describe('every reader', () => {
  for (const [name, command] of Object.entries({ ...LOOKS, ...CHANGES }))
    it(`${name} bears whatever a host may say`, () => {
      fc.assert(
        fc.property(finished, ended => isReading(command.read(ended))),
        { numRuns: 150 },
      );
    });

  for (const [name, command] of Object.entries(LOOKS))
    it(`${name} looks and changes nothing`, () => {
      expect(command.changes).to.equal(false);
      expect(command.stdin).to.equal('');
    });

  for (const [name, command] of Object.entries(CHANGES))
    it(`${name} owns that it changes something, and is not believed when killed`, () => {
      expect(command).to.include({ changes: true, runAs: 'become' });
      expect(command.read({ is: 'signalled', name: 'TERM', out: '', err: '' })).to.have.property('is', 'unreadable');
    });

  it('sends programs by absolute path', () => {
    for (const [name, command] of Object.entries({ ...LOOKS, ...CHANGES }))
      expect(command.argv[0], name).to.match(/^\/(usr\/(s?bin)|bin)\/[a-z]+$/);
  });

  // Where silence is a proper answer it is said here; everywhere else it must not pass for one.
  const MAY_BE_SILENT = ['svcs -xv'];
  for (const [name, command] of Object.entries(LOOKS))
    if (!MAY_BE_SILENT.includes(name))
      it(`${name} does not take silence for an answer`, () => {
        const read = command.read(says(''));
        const value = read.is === 'ok' ? read.value : null;
        const unknown = typeof value === 'object' && value !== null && 'is' in value ? value.is : null;
        expect(read.is === 'ok' && unknown !== 'unknown' && unknown !== 'nothing said').to.equal(false);
      });

  it('takes the status of a refusal from the host, not from its words', () => {
    expect(zoneadm.list().read(exited('zoneadm/list-cp-native', 1))).to.have.property('is', 'refused');
  });
});
