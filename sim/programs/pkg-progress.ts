// How pkg shows that it works: plain lines with the phase in front when nobody looks, tables on a terminal (here only
// the last state of each line, as it stays on the screen).
import type { Proc } from '../os/program.ts';
import type { Here } from './call.ts';
import { paced } from './pkg-plan.ts';

const DOWNLOAD_S = 31.2;
const ACTIONS_S = 40.11;
const FINALIZE_S = 8;

export interface Progress {
  download(): Promise<void>;
  actions(): Promise<void>;
  finalize(): Promise<void>;
}

export function progressOf(here: Here, proc: Proc, talk: boolean): Progress {
  const lines = !talk ? SILENT : proc.tty ? terminal(here) : plain(here);
  const phase = async (seconds: number, steps: readonly string[], end: readonly string[]): Promise<void> => {
    if (steps.length === 0) await proc.clock.sleep(seconds * 1000);
    await paced(proc, seconds * 1000, steps);
    for (const line of end) await proc.out(`${line}\n`);
  };
  return {
    download: () => phase(DOWNLOAD_S, ...lines.download),
    actions: () => phase(ACTIONS_S, ...lines.actions),
    finalize: () => phase(FINALIZE_S, ...lines.finalize),
  };
}

type Phase = readonly [steps: readonly string[], end: readonly string[]];

interface Lines {
  readonly download: Phase;
  readonly actions: Phase;
  readonly finalize: Phase;
}

const SILENT: Lines = { download: [[], []], actions: [[], []], finalize: [[], []] };

const SHARES = [
  [1200 / 9800, 10.1 / 345.6],
  [0.43, 0.35],
  [0.745, 0.7],
  [0.93, 0.925],
] as const;

function plain({ fleet }: Here): Lines {
  const { files, megabytes, removing, installing, updating } = fleet.update;
  const total = removing + installing + updating;
  const steps = SHARES.map(([items, bytes]) => {
    const done = `${Math.floor(items * files + 0.5)}/${files} items`;
    const percent = Math.round(bytes * 100);
    return `Download: ${done}  ${(bytes * megabytes).toFixed(1)}/${megabytes.toFixed(1)}MB  ${percent}% complete`;
  });
  const speed = (megabytes / DOWNLOAD_S).toFixed(1);
  const fetched = `Download: Completed ${megabytes.toFixed(2)} MB in ${DOWNLOAD_S.toFixed(2)} seconds (${speed}M/s)`;
  const actions = [
    ` Actions: 1/${total} actions (Removing old actions)`,
    ` Actions: ${removing + 1}/${total} actions (Installing new actions)`,
    ` Actions: ${removing + installing + 1}/${total} actions (Updating modified actions)`,
  ];
  return {
    download: [steps, [fetched]],
    actions: [actions, [` Actions: Completed ${total} actions in ${ACTIONS_S} seconds.`]],
    finalize: [FINAL.map(what => `Finalize: ${what} ... Done`), []],
  };
}

const FINAL = [
  'Updating package state database',
  'Updating package cache',
  'Updating image state',
  'Creating fast lookup database',
];

function terminal({ fleet }: Here): Lines {
  const { update, files, megabytes, removing, installing, updating } = fleet.update;
  const of = (n: number | string): string => `${n}/${n}`;
  const row = (what: string, items: string): string => `${what.padEnd(40)}${items.padStart(12)}`;
  const size = megabytes.toFixed(1);
  const cells = [of(update).padStart(35), of(files).padStart(14), of(size).padStart(13), '9.3M/s'.padStart(8)];
  const counted = [
    ['Removing old actions', removing],
    ['Installing new actions', installing],
    ['Updating modified actions', updating],
  ] as const;
  const actions = counted.filter(([, n]) => n > 0).map(([what, n]) => row(what, of(n)));
  const done = (what: string): string => `${row(what, 'Done')} `;
  return {
    download: [
      ['DOWNLOAD                                PKGS         FILES    XFER (MB)   SPEED'],
      [`Completed${cells.join('')}`, ''],
    ],
    actions: [[`${'PHASE'.padEnd(40)}${'ITEMS'.padStart(12)}`, ...actions], []],
    finalize: [
      [
        done('Updating package state database'),
        `${row('Updating package cache', of(0))} `,
        done('Updating image state'),
        done('Creating fast lookup database'),
        `${row('Updating package cache', of(1))} `,
      ],
      [],
    ],
  };
}
