// Are the names that templates and conditions use there, on every host, before anything is connected? Names come from
// the place itself, the play, `-e`, results and facts set by tasks, the inventory, and the runner. Whether a registered
// result is there at its turn is for the run: its task may have been skipped.
import type { Inventory, InventoryHost } from '../../model/inventory.ts';
import type { Play } from '../../model/program.ts';
import { tasksIn } from '../../model/scope.ts';
import type { Layer } from '../../model/value.ts';
import { andAt, type Diagnostic, inOrder, problem } from '../../text/diagnostic.ts';
import { nearest } from '../../text/nearest.ts';
import { cyclesIn, distinct } from '../expression/cycles.ts';
import { either, GIVEN_SHAPES, members, type Shape } from '../expression/shape.ts';
import { usesOf } from '../expression/values.ts';
import { insteadOfAnsible } from '../tables/ansible-facts.ts';
import type { Given, PlacedUse, PlayNotes } from './reading.ts';

export interface Names {
  readonly play: Play;
  readonly notes: PlayNotes;
  /** Given by the tasks of the plays before this one. */
  readonly earlier: ReadonlyMap<string, Given>;
  readonly extra: Layer;
  readonly inventory: Inventory | null;
  /** A file that would give names to this play, or to one before it, couldn't be read. */
  readonly isLost: boolean;
}

export function nameProblems(names: Names): readonly Diagnostic[] {
  const inPlay = new Set(names.play.hosts);
  const hosts = names.inventory?.hosts.filter(host => inPlay.has(host.name)) ?? [];
  const checking: Checking = { names, hosts, inside: new Map(), lacking: new Map() };
  const found = names.notes.uses.flatMap(use => checked(checking, use));
  const extra = usesOfLayer(names.extra).flatMap(use => checked(checking, use));
  const layers = hosts.length > 0 ? distinct(hosts.map(host => host.vars)) : [{}];
  const circles = layers.flatMap(vars => cyclesIn({ ...vars, ...names.play.vars, ...names.extra }));
  return inOrder([...found, ...extra, ...circles]);
}

function usesOfLayer(layer: Layer): readonly PlacedUse[] {
  return Object.values(layer).flatMap(value =>
    usesOf(value).map(use => ({ ...use, local: [], after: Number.POSITIVE_INFINITY })),
  );
}

interface Checking {
  readonly names: Names;
  /** Of the play. */
  readonly hosts: readonly InventoryHost[];
  /** What is wrong inside a variable on all hosts that have it: asked for once a name, not once a use. */
  readonly inside: Map<string, readonly Diagnostic[]>;
  /** The hosts without a variable, by its name. */
  readonly lacking: Map<string, readonly InventoryHost[]>;
}

function lackingOf({ hosts, lacking: known }: Checking, name: string): readonly InventoryHost[] {
  const made = known.get(name) ?? hosts.filter(host => !Object.hasOwn(host.vars, name));
  known.set(name, made);
  return made;
}

function insideOf({ names, hosts, inside: known }: Checking, name: string): readonly Diagnostic[] {
  const there = known.get(name);
  if (there !== undefined) return there;
  // A value without a template has nothing inside.
  const having = hosts.filter(host => Object.hasOwn(host.vars, name) && host.vars[name]?.is === 'expression');
  const made = having.flatMap(host => inside(names, host, name, new Set()));
  known.set(name, made);
  return made;
}

function checked(checking: Checking, use: PlacedUse): readonly Diagnostic[] {
  const { names, hosts } = checking;
  const [name] = use.path;
  if (name === undefined) return [];
  if (name === 'facts' && names.play.gatherFacts === false && !readsFacts(names.play)) return [notGathered(use)];
  const shape = shapeOf(names, use, name);
  if (shape !== null) return use.optional ? [] : memberProblem(use, shape);
  const { vars, defaults } = names.play;
  if (use.local.includes(name) || [names.extra, vars, defaults].some(layer => Object.hasOwn(layer, name))) return [];
  const lacking = lackingOf(checking, name);
  const deeper = insideOf(checking, name);
  if (lacking.length === 0 && hosts.length > 0) return deeper;
  if (use.optional || ((names.inventory === null || names.isLost) && !isOwnWord(name))) return deeper;
  return [...deeper, undefinedName(names, use, { name, lacking, hosts })];
}

const readsFacts = (play: Play): boolean =>
  play.sections.some(section => section.entries.flatMap(tasksIn).some(task => task.step === 'facts'));

const notGathered = (use: PlacedUse): Diagnostic =>
  problem(
    'undefined-variable',
    use.at,
    'the facts of this play\'s hosts aren\'t read: it says "gather_facts: no"',
    'leave "gather_facts" out, or read them with the step "facts: {}"',
  );

/** Words that no inventory can make right. */
function isOwnWord(name: string): boolean {
  return insteadOfAnsible([name]) !== null;
}

function shapeOf(names: Names, use: PlacedUse, name: string): Shape | null {
  if (name === 'failed' && use.local.includes('failed')) return members('task', 'message');
  if (use.local.includes(name) || Object.hasOwn(names.extra, name)) return null;
  const shape = givenShape(names, use.after, name);
  return shape ?? (Object.hasOwn(GIVEN_SHAPES, name) ? (GIVEN_SHAPES[name] ?? null) : null);
}

/** What tasks before this place give: those of earlier plays, and of this one up to here. */
function givenShape(names: Names, after: number, name: string): Shape | null {
  const earlier = names.earlier.get(name)?.shape;
  const index = [...names.notes.given.keys()].indexOf(name);
  const here = index >= 0 && index < after ? names.notes.given.get(name)?.shape : undefined;
  if (here === undefined) return earlier ?? null;
  return either(earlier, here);
}

function memberProblem(use: PlacedUse, shape: Shape): readonly Diagnostic[] {
  const [name, member] = use.path;
  if (member === undefined || shape.is === 'any' || Object.hasOwn(shape.members, member)) return [];
  const there = Object.keys(shape.members);
  const near = nearest(member, there);
  const help = near === null ? `there are: ${there.join(', ')}` : `did you mean "${name}.${near}"?`;
  return [problem('undefined-variable', use.at, `"${name}" has no member "${member}"`, help)];
}

/** What a host's own variable uses, and what those use: told at the variable's place in the inventory. */
function inside(names: Names, host: InventoryHost, name: string, seen: Set<string>): readonly Diagnostic[] {
  const value = host.vars[name];
  if (value === undefined || seen.has(name)) return [];
  seen.add(name);
  return usesOf(value).flatMap(use => {
    const [inner] = use.path;
    if (inner === undefined || use.optional) return [];
    const elsewhere = [names.extra, names.play.vars, names.play.defaults].some(layer => Object.hasOwn(layer, inner));
    const given = names.earlier.has(inner) || names.notes.given.has(inner);
    if (elsewhere || given || Object.hasOwn(GIVEN_SHAPES, inner)) return [];
    if (Object.hasOwn(host.vars, inner)) return inside(names, host, inner, seen);
    return [
      problem(
        'undefined-variable',
        use.at,
        `"${inner}" is undefined on ${host.name}`,
        ...near(inner, Object.keys(host.vars)),
      ),
    ];
  });
}

interface Lacking {
  readonly name: string;
  readonly lacking: readonly InventoryHost[];
  readonly hosts: readonly InventoryHost[];
}

function undefinedName(names: Names, use: PlacedUse, { name, lacking, hosts }: Lacking): Diagnostic {
  if (lacking.length < hosts.length) {
    const some = lacking.map(host => host.name);
    const list = some.length > 5 ? `${some.slice(0, 5).join(', ')}, …` : some.join(', ');
    return problem(
      'undefined-variable',
      use.at,
      `"${name}" is undefined on ${some.length} of ${hosts.length} hosts: ${list}`,
      'give it to all of them, or write {{default NAME "value"}}',
    );
  }
  const later = names.notes.given.get(name);
  if (later !== undefined) {
    const early = problem(
      'undefined-variable',
      use.at,
      `"${name}" is undefined here: the task that gives it comes later`,
    );
    return andAt(early, later.at, 'it is given here');
  }
  const there = [
    ...use.local,
    ...Object.keys(names.extra),
    ...names.earlier.keys(),
    ...[...names.notes.given.keys()].slice(0, use.after),
    ...Object.keys(hosts[0]?.vars ?? {}),
    ...Object.keys(GIVEN_SHAPES),
  ];
  return problem('undefined-variable', use.at, `"${name}" is undefined`, ...habit(use.path, there));
}

function habit(path: readonly string[], there: readonly string[]): readonly string[] {
  const known = insteadOfAnsible(path);
  return known === null ? near(path[0] ?? '', there) : [known];
}

function near(name: string, there: readonly string[]): readonly string[] {
  const found = nearest(name, there);
  return found === null ? [] : [`did you mean "${found}"?`];
}
