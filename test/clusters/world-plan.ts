// What the planner says to a world, as a short text: waves, moves, room; or why there is no plan, the proof and the ways
// out. The world's inventory and play go through the same readers as an operator's files.
import { stringify } from 'yaml';
import { evaluate } from '../../src/load/expression/evaluate.ts';
import { loadInventory } from '../../src/load/inventory/inventory.ts';
import { loadProgram } from '../../src/load/playbook/playbook.ts';
import { reserveBytes } from '../../src/model/host-variable.ts';
import { hostName, zoneName } from '../../src/model/ids.ts';
import { type Plan, waveName } from '../../src/model/plan.ts';
import type { Files } from '../../src/model/ports.ts';
import { figuresOf } from '../../src/plan/figures/figures.ts';
import { type Made, makePlan } from '../../src/plan/make-plan.ts';
import { NO_LIMITS } from '../../src/model/move-limits.ts';
import { paceOf } from '../../src/plan/figures/pace.ts';
import { NOTHING_SEEN } from '../../src/plan/figures/seen.ts';
import { beforeRun } from '../../src/plan/waves/ways.ts';
import { catalogue } from '../../src/steps/catalogue.ts';
import { bytesText } from '../../src/text/size.ts';
import { obstaclesText } from '../../src/report/obstacle-text.ts';
import { factsIn, type World } from './world-file.ts';

export async function planText(world: World): Promise<string> {
  const made = await planOf(world);
  return linesOf(made)
    .map(line => `${line.trimEnd()}\n`)
    .join('');
}

async function planOf(world: World): Promise<Made> {
  const files = inMemory({ '/inventory.yml': inventoryOf(world), '/play.yml': playbookOf(world) });
  const { inventory, diagnostics: wrong } = await loadInventory(files, ['/inventory.yml']);
  if (inventory === null) throw new Error(wrong.map(one => one.message).join('\n'));
  const asked = { playbooks: ['/play.yml'], extra: {}, limit: null, tags: [], skipTags: [] };
  const { program, diagnostics } = await loadProgram({ files, catalogue, inventory, ...asked });
  if (program === null) throw new Error(diagnostics.map(one => one.message).join('\n'));
  return makePlan({
    ...{ program, inventory, catalogue, evaluate, now: 0, playbooks: [], extra: {} },
    facts: Object.fromEntries(factsIn(world).map(one => [hostName(one.host), one])),
    away: world.away.map(({ zone, home, at }) => ({ zone: zoneName(zone), home: hostName(home), at: hostName(at) })),
    options: { check: false, diff: false, forks: 10, tags: [], skipTags: [], limit: null },
  });
}

function inMemory(texts: Readonly<Record<string, string>>): Files {
  return {
    list: () => Promise.resolve([]),
    isFolder: () => Promise.resolve(false),
    real: path => Promise.resolve(path),
    read: path => {
      const text = texts[path];
      return Promise.resolve(text === undefined ? { is: 'missing', why: 'no such file' } : { is: 'text', text });
    },
  };
}

function inventoryOf({ hosts, zones }: World): string {
  const vars = Object.entries(hosts).map(([name, one]) => [name, one.vars] as const);
  return stringify({ all: { hosts: Object.fromEntries(vars) }, zones });
}

function playbookOf({ play, evacuate }: World): string {
  const asked = { which: 'running', native: 'stay', placement: 'spread', ...evacuate };
  const tasks = [
    { 'maintenance.begin': { message: 'maintenance' } },
    { 'zones.evacuate': asked },
    { 'host.reboot': {} },
    { 'maintenance.end': {} },
    { 'zones.return': {} },
  ];
  return stringify([{ name: 'Maintenance', hosts: 'all', ...play, tasks }]);
}

function linesOf(made: Made): readonly string[] {
  switch (made.is) {
    case 'plan':
      return [...made.plan.waves.flatMap((_, n) => waveLines(made.plan, n)), ...made.plan.notes];
    case 'shortfall':
      return [
        made.message,
        ...made.reasons.map(({ zone, host, why }) => `  ${zone} on ${host}: ${obstaclesText(why)}`),
        ...(made.proof === null ? [] : [`proof: ${made.proof}`]),
        ...made.help.map((text, n) => `way out ${n + 1}: ${text}`),
      ];
    case 'too-many-out':
      return [made.message, ...made.help.map((text, n) => `way out ${n + 1}: ${text}`)];
    case 'flawed':
      throw new Error(made.diagnostics.map(one => one.message).join('\n'));
  }
}

function waveLines(plan: Plan, n: number): readonly string[] {
  const wave = plan.waves[n];
  const ground = beforeRun(plan, evaluate);
  const [play] = plan.program.plays;
  if (wave === undefined || play === undefined) return [];
  const pace = paceOf({
    said: () => ({ linkBytesPerSecond: null, dirtyBytesPerSecond: null }),
    ...{ hosts: [], seen: NOTHING_SEEN, cpuClass: () => null, limits: NO_LIMITS },
  });
  const figures = figuresOf({ plan, pace, reserveBytes: host => reserveBytes(ground, play, host) });
  const { hosts, migrations, staying } = wave.plan;
  return [
    `wave ${waveName(wave.plan.wave)}: ${hosts.join(', ')}`,
    ...migrations.map(
      one =>
        `  ${one.zone} ${one.from} -> ${one.to}${one.stays ? ' for good' : ''}, ${bytesText(one.bytes)}: ${one.why}`,
    ),
    ...staying.map(one => `  ${one.zone} stays on ${one.host}: ${one.why}`),
    ...(figures.waves[n]?.rooms ?? []).map(
      ({ host, totalBytes, before, during, after }) =>
        `  room on ${host}: ${[before, during, after].map(bytesText).join(', ')} of ${bytesText(totalBytes)}`,
    ),
  ];
}
