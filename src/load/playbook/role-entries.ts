// What a role becomes in a program: a block of the roles it rests on and of its tasks, its defaults below everything,
// its variables above the play's. Its handlers go to the play. Reading the tasks themselves is handed in.
import { posix } from 'node:path';
import { type TaskId, taskId } from '../../model/ids.ts';
import type { BlockEntry, Entry } from '../../model/program.ts';
import { problem } from '../../text/diagnostic.ts';
import { conditionsAt } from '../task/conditions.ts';
import { taskList } from '../task/included.ts';
import { inside } from '../task/task.ts';
import { type MapNode, type Node, type Pair, pairOf } from '../yaml/node.ts';
import { fixedTextAt } from './fixed-text.ts';
import { complain, type Here, type Reading, type UsedRole } from './reading.ts';
import { readRole, type Role, type RoleName, roleNameOf, sameness } from './roles.ts';
import { checkKeys, isRoleVariable } from './wrong-keys.ts';

type ReadList = (
  reading: Reading,
  here: Here,
  items: readonly Node[],
  id: (n: number) => string,
) => Promise<readonly Entry[]>;

/** How blocks of roles are made: how lists of tasks are read, and the ids of what stands in the n-th place. */
export interface RoleReading {
  readonly reading: Reading;
  readonly readList: ReadList;
  /** Their variables and defaults hold for the whole play: not those of a role that is included. */
  readonly isPublic: boolean;
}

/** `roles:` of a play, or what a role rests on: each once, unless it is said with other variables. */
export async function readRoles(
  how: RoleReading,
  above: Here,
  items: readonly Node[],
  id: (n: number) => string,
): Promise<readonly Entry[]> {
  const { reading } = how;
  const entries: Entry[] = [];
  for (const [index, item] of items.entries()) {
    if (item.is === 'map') checkKeys(reading, item, 'role', inlineVariables(item));
    const name = roleNameOf(reading, item);
    if (name === null) continue;
    const map = item.is === 'map' ? withVariables(item) : null;
    const params = item.is === 'map' ? inlineVariables(item).map(({ key }) => key) : [];
    const use: RoleUse = { name, map, id: taskId(id(index + 1)), once: true, params };
    const block = await roleBlock(how, above, use);
    if (block !== null) entries.push(block);
  }
  return entries;
}

export const namesUnder = (vars: Pair | null): readonly string[] =>
  vars?.value.is === 'map' ? vars.value.pairs.map(({ key }) => key) : [];

const inlineVariables = (map: MapNode): readonly Pair[] => map.pairs.filter(pair => isRoleVariable(pair.key));

/** Variables that stand beside the name of a role are as those under `vars`, and win against them. */
function withVariables(map: MapNode): MapNode {
  const inline = inlineVariables(map);
  const [first] = inline;
  const vars = pairOf(map, 'vars');
  const under = vars?.value.is === 'map' ? vars.value.pairs : [];
  if (first === undefined || (vars !== null && vars.value.is !== 'map')) return map;
  const pairs = [...under.filter(({ key }) => !inline.some(one => one.key === key)), ...inline];
  const { keySpan, value } = vars ?? first;
  const all: Pair = { key: 'vars', keySpan, value: { is: 'map', span: value.span, pairs } };
  return { ...map, pairs: [...map.pairs.filter(pair => pair !== vars && !inline.includes(pair)), all] };
}

export interface RoleUse {
  readonly name: RoleName;
  /** With the keys that are said of it; null when there is only its name. */
  readonly map: MapNode | null;
  readonly id: TaskId;
  /** Not again with the same words. */
  readonly once: boolean;
  /** Of the variables said of it those that stand above what tasks registered and set. */
  readonly params: readonly string[];
}

export async function roleBlock(how: RoleReading, above: Here, use: RoleUse): Promise<BlockEntry | null> {
  const { reading, readList } = how;
  const { name, map, id, params } = use;
  const role = await readRole(reading, above, name);
  if (role === null || isKnown(above, role, use)) return null;
  if (above.roles.includes(role.folder)) {
    const circle = [...above.roles, role.folder].map(folder => posix.basename(folder)).join(' -> ');
    complain(reading, problem('import-cycle', name.at, `this role comes back to itself: ${circle}`));
    return null;
  }
  const here = insideRole(reading, above, role, map);
  gather(above, { role, here: { ...here, down: above.down }, isPublic: how.isPublic });
  const resting = await readRoles(how, here, role.dependencies, n => `${id}.d${n}`);
  const inFile: Here =
    role.tasks === null ? here : { ...here, source: role.tasks.source, path: [...here.path, role.tasks.path] };
  const items = role.tasks === null ? [] : taskList(reading, role.tasks.node, role.tasks.path);
  const tasks = await readList(reading, inFile, items, n => `${id}.${n}`);
  return {
    ...{ is: 'block', id, at: name.at, loop: null, rescue: [], always: [], body: [...resting, ...tasks] },
    name: (map === null ? null : fixedTextAt(reading, here, map, 'name')) ?? role.name,
    when: conditionsAt(reading, here, map === null ? null : pairOf(map, 'when')) ?? [],
    vars: here.layers[0] ?? {},
    params: Object.fromEntries(Object.entries(here.layers[0] ?? {}).filter(([one]) => params.includes(one))),
    defaults: role.defaults,
  };
}

function isKnown(above: Here, role: Role, { map, once }: RoleUse): boolean {
  if (!once || role.duplicates) return false;
  const key = `${role.folder} ${sameness(map)}`;
  if (above.play.rolesDone.has(key)) return true;
  above.play.rolesDone.add(key);
  return false;
}

/** The role's own variables stand below those that are said where it is used. */
function insideRole(reading: Reading, above: Here, role: Role, map: MapNode | null): Here {
  const names = [...Object.keys(role.vars), ...Object.keys(role.defaults)];
  const around: Here = {
    ...above,
    ...{ role: role.folder, roles: [...above.roles, role.folder], local: [...above.local, ...names] },
    defaults: [role.defaults, ...above.defaults],
  };
  if (map === null) return { ...around, layers: [role.vars, ...above.layers] };
  const here = inside(reading, around, map);
  return { ...here, layers: [{ ...role.vars, ...here.layers[0] }, ...above.layers] };
}

/** Once a role: what it gives to the whole play. */
function gather({ play }: Here, use: UsedRole): void {
  const at = play.roles.findIndex(one => one.role.folder === use.role.folder);
  const before = play.roles[at];
  if (before === undefined) play.roles.push(use);
  else if (use.isPublic) play.roles[at] = { ...before, isPublic: true };
}
