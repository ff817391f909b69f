// Worlds of the pkg transcripts. Errors of the repository come from faults; the others from the state of the host.
import { activeBe } from '../../world/fleet.ts';
import type { Hosts } from './hosts.ts';
import type { Setting, World } from './transcript-worlds.ts';

const NAME = 'nacaozumbi';
const OLD = '11.4-11.4.80.0.1.189.2';
const plain = `entire: ${OLD}\noffered: [${OLD}, 11.4-11.4.81.0.1.193.1]\nhosts: { nacaozumbi: { users: { jdoe: {} } } }`;

const fault = (name: string): Pick<Setting, 'fleet' | 'at' | 'before'> => ({
  fleet: plain,
  at: NAME,
  before: hosts => hosts.fleet.fault(NAME, name),
});

function locked(hosts: Hosts): void {
  void hosts.run(NAME, 'pkg update --be-name other');
}

function small(hosts: Hosts): void {
  const sizes = { remove: 0, install: 0, update: 24, files: 486, megabytes: 103.9 };
  hosts.fleet.update = { ...sizes, removing: 0, installing: 1211, updating: 0 };
}

export function pkgWorlds(world: (setting: Setting) => World): readonly (readonly [string, World])[] {
  const at = (more: Partial<Setting> = {}): World => world({ fleet: plain, at: NAME, ...more });
  const release = (entire: string): Partial<Setting> => ({ fleet: `entire: "${entire}"\nhosts: { nacaozumbi: {} }` });
  const cp = 'LC_ALL=xx_XX.UTF-8 pkg update';
  return [
    ['pkg/error-be-exists', at({ before: hosts => hosts.run(NAME, 'beadm create r81') })],
    ['pkg/error-be-name', at()],
    ['pkg/error-catalog', world(fault('pkg-exit-1'))],
    ['pkg/error-clone', world(fault('clone-fails'))],
    ['pkg/error-constrained', world(fault('pkg-constrained'))],
    ['pkg/error-image-locked', at({ before: hosts => (locked(hosts), hosts.clock.sleep(2_000)) })],
    ['pkg/error-in-clone', world(fault('pkg-fails-half-way'))],
    ['pkg/error-licence', world(fault('pkg-exit-6'))],
    ['pkg/error-no-match', at()],
    ['pkg/error-no-solution', world(fault('pkg-exit-9'))],
    ['pkg/error-out-of-date', world(fault('pkg-exit-10'))],
    ['pkg/error-rights', at({ user: 'jdoe' })],
    ['pkg/error-space', world({ fleet: plain.replace('{ users', '{ pool_free: 1G, users'), at: NAME })],
    ['pkg/error-transport', world(fault('pkg-transport'))],
    ['pkg/info-entire', at(release('11.4-11.4.0.0.1.15.0:20180817T004203Z'))],
    ['pkg/list-Hv-entire', at(release('11.4-11.4.42.0.0.111.0:20211203T221558Z'))],
    ['pkg/plan-human', at({ extent: 'part' })],
    ['pkg/progress-plain', at()],
    ['pkg/progress-tty', at({ extent: 'part', terminal: true, before: small })],
    ['pkg/publisher', at()],
    ['pkg/publisher-tsv', at()],
    ['pkg/update-done', at({ extent: 'part' })],
    ['pkg/update-no-be-activate', at({ extent: 'part' })],
    [
      'pkg/update-nothing',
      at({ extent: 'part', before: hosts => (activeBe(hosts.fleet.host(NAME)).entire = '11.4-11.4.81.0.1.193.1') }),
    ],
    [
      'pkg/update-parsable',
      at({ command: "pkg update -n --parsable=0 --accept --be-name r81 entire@11.4-11.4.81.0.1.193.1 '*'" }),
    ],
    ['pkg/warning-locale', at({ extent: 'part', command: cp })],
  ];
}
