// What a play, a block or an import says for everything inside, and a task for itself: the innermost word of each key
// wins, but for tags, notifications and environment, which add up.
import type { Notice, TaskEntry } from '../../model/program.ts';
import { known, type Value } from '../../model/value.ts';
import { andAt, problem } from '../../text/diagnostic.ts';
import { nearest } from '../../text/nearest.ts';
import { hasTemplate } from '../expression/template-ast.ts';
import { valueOf } from '../expression/values.ts';
import { ONCE_PER } from '../tables/keys.ts';
import { type BecomeSaid, becomeOf, becomeSaid, NOTHING_SAID } from '../task/become.ts';
import { type MapNode, type Node, objectOf, pairOf, type ScalarNode } from '../yaml/node.ts';
import { computedOnHosts } from './computed.ts';
import { fixedTagsAt, isWellWritten } from './fixed-text.ts';
import {
  choiceAt,
  complain,
  countAt,
  durationAt,
  type Here,
  noting,
  type Reading,
  textsAt,
  truthAt,
  wrongType,
} from './reading.ts';

export interface HandedDown {
  readonly tags: readonly string[];
  readonly become: BecomeSaid;
  readonly hidden: boolean;
  readonly ignoreErrors: Value;
  readonly ignoreUnreachable: boolean;
  readonly environment: Readonly<Record<string, Value>>;
  readonly once: TaskEntry['once'];
  readonly on: Value | null;
  readonly throttle: number | null;
  readonly timeoutMs: number | null;
  readonly checkMode: boolean | null;
  readonly diff: boolean | null;
  readonly notify: readonly Notice[];
}

export const NOTHING_HANDED_DOWN: HandedDown = {
  ...{ tags: [], become: NOTHING_SAID, hidden: false, ignoreErrors: known(false), ignoreUnreachable: false },
  ...{ environment: {}, once: 'no', on: null, throttle: null, timeoutMs: null, checkMode: null, diff: null },
  notify: [],
};

/** @param here the place inside, with its names: values are read there. */
export function handedDown(reading: Reading, here: Here, map: MapNode): HandedDown {
  const above = here.down;
  return {
    tags: [...new Set([...above.tags, ...fixedTagsAt(reading, here, map).map(tag => tag.text)])],
    become: becomeSaid(reading, here, map),
    hidden: truthAt(reading, map, 'no_log') ?? above.hidden,
    ignoreErrors: ignoreErrorsOf(reading, here, map) ?? above.ignoreErrors,
    ignoreUnreachable: truthAt(reading, map, 'ignore_unreachable') ?? above.ignoreUnreachable,
    environment: { ...above.environment, ...environmentOf(reading, here, pairOf(map, 'environment')?.value ?? null) },
    once: onceOf(reading, map) ?? above.once,
    on: delegateOf(reading, here, map) ?? above.on,
    throttle: throttleOf(reading, map) ?? above.throttle,
    timeoutMs: durationAt(reading, map, 'timeout') ?? above.timeoutMs,
    checkMode: truthAt(reading, map, 'check_mode') ?? above.checkMode,
    diff: truthAt(reading, map, 'diff') ?? above.diff,
    notify: [...new Set([...above.notify, ...notified(reading, here, map)])],
  };
}

/** The same as fields of a task. */
export function asTask(down: HandedDown): Omit<HandedDown, 'become'> & Pick<TaskEntry, 'become'> {
  return { ...down, become: becomeOf(down.become) };
}

function notified(reading: Reading, here: Here, map: MapNode): readonly Notice[] {
  return textsAt(reading, map, 'notify').flatMap(({ text, at, node }) => {
    const notices = hasTemplate(text) ? noticesIn(reading, here, text, node) : [text];
    const names = notices.map(notice => (typeof notice === 'string' ? notice : notice.name));
    here.play.notified.push(...names.map(name => ({ name, at })));
    return notices;
  });
}

/** Handlers are checked before the run, so what they are called has to be known by then. */
function noticesIn(reading: Reading, here: Here, text: string, node: ScalarNode): readonly Notice[] {
  if (!isWellWritten(reading, here, node)) return [];
  const found = computedOnHosts(reading, here, text, node.span);
  if (found.is === 'names') {
    const names = [...found.hosts];
    return names.length === 1 ? names.map(([name]) => name) : names.map(([name, hosts]) => ({ name, hosts }));
  }
  const message = `which handler this is would be known only when its turn comes: ${found.why}`;
  const help = 'write a task for each handler, with a "when:" and its "notify:"';
  complain(reading, problem('unknown-handler', node.span, message, help));
  return [];
}

function ignoreErrorsOf(reading: Reading, here: Here, map: MapNode): Value | null {
  const node = pairOf(map, 'ignore_errors')?.value;
  if (node === undefined) return null;
  if (node.is !== 'scalar' || (typeof node.value !== 'boolean' && typeof node.value !== 'string')) {
    return wrongType(reading, node, '"ignore_errors" is yes or no');
  }
  const template = typeof node.value === 'string' && node.value.includes('{{');
  return noting(reading, here, notes => valueOf(here.source, node, template ? 'text' : 'condition', notes));
}

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** A mapping, or as in Ansible a list of mappings, the later winning. */
function environmentOf(reading: Reading, here: Here, node: Node | null): Readonly<Record<string, Value>> {
  if (node === null || (node.is === 'scalar' && node.value === null)) return {};
  if (node.is === 'list') return Object.assign({}, ...node.items.map(item => environmentOf(reading, here, item)));
  if (node.is !== 'map') {
    wrongType(reading, node, '"environment" is a mapping of names to texts', 'write NAME: "{{value}}" for each');
    return {};
  }
  return objectOf(
    node.pairs.flatMap(pair => {
      if (!VARIABLE.test(pair.key)) {
        const message = `"${pair.key}" can't be an environment variable: letters, digits and _ make a name`;
        complain(reading, problem('bad-name', pair.keySpan, message));
        return [];
      }
      const { value } = pair;
      if (value.is !== 'scalar' || value.value === null) {
        wrongType(reading, value, 'an environment variable is a text', 'write "" for an empty one');
        return [];
      }
      // `yes` and 0644 are meant as they are written: no program reads YAML's truths.
      if (typeof value.value !== 'string') return [[pair.key, known(value.written)] as const];
      return [[pair.key, noting(reading, here, notes => valueOf(here.source, value, 'text', notes))] as const];
    }),
  );
}

function onceOf(reading: Reading, map: MapNode): TaskEntry['once'] | null {
  const runOnce = pairOf(map, 'run_once');
  const per = pairOf(map, 'once_per');
  const said = truthAt(reading, map, 'run_once');
  const choice = choiceAt(reading, map, 'once_per', ONCE_PER);
  if (runOnce !== null && per !== null) {
    const both = problem('double-word', per.keySpan, '"once_per" and "run_once" say the same thing', 'keep "once_per"');
    complain(reading, andAt(both, runOnce.keySpan, 'it is said here, too'));
  }
  if (choice !== null) return choice;
  return said === null ? null : said ? 'run' : 'no';
}

function throttleOf(reading: Reading, map: MapNode): number | null {
  // Ansible's word for no limit.
  const node = pairOf(map, 'throttle')?.value;
  if (node?.is === 'scalar' && node.value === 0) return null;
  return countAt(reading, map, 'throttle', 1);
}

function delegateOf(reading: Reading, here: Here, map: MapNode): Value | null {
  const node = pairOf(map, 'delegate_to')?.value;
  if (node === undefined) return null;
  if (node.is !== 'scalar' || node.value === null) return wrongType(reading, node, '"delegate_to" names a host');
  const value = noting(reading, here, notes => valueOf(here.source, node, 'text', notes));
  const name = value.is === 'known' ? node.written : null;
  const hosts = reading.inventory?.hosts.map(host => host.name) ?? null;
  if (name === null) return value;
  if (hosts !== null && !hosts.some(host => host === name)) complain(reading, noDelegate(name, node, hosts));
  return known(name);
}

function noDelegate(name: string, node: Node, hosts: readonly string[]): ReturnType<typeof problem> {
  const near = nearest(name, hosts);
  const local = name === 'localhost' || name.startsWith('127.');
  const help = local
    ? 'the machine that zoneferry runs on is a host like any other: put it into the inventory'
    : near === null
      ? 'put it into the inventory: what it needs to be reached stands there'
      : `did you mean "${near}"?`;
  return problem('unknown-host', node.span, `no host of the inventory is called "${name}"`, help);
}
