// Tasks that become more than one: a table by step. `zones.evacuate` needs targets on its zones first, with an undo of
// their own, so it becomes a block of `zones.target` and `zones.evacuate`. Not for handlers.
import { type StepName, taskId } from '../../model/ids.ts';
import type { Entry, TaskEntry } from '../../model/program.ts';
import type { Catalogue } from '../../model/step.ts';

interface Leading {
  readonly step: string;
  /** The arguments of the task that are meant for it, too. */
  readonly takes: readonly string[];
  /** The argument with which nothing goes before, if it is plainly true. */
  readonly unless: string;
}

/** Step -> the steps that go before it. Which zones go where is filled in for both when they are born. */
const BEFORE: Readonly<Record<string, readonly Leading[]>> = {
  'zones.evacuate': [{ step: 'zones.target', takes: ['scheme', 'user', 'dry_run'], unless: 'dry_run' }],
};

export function expanded(task: TaskEntry, catalogue: Catalogue): Entry {
  const before = (Object.hasOwn(BEFORE, task.step) ? (BEFORE[task.step] ?? []) : []).flatMap(
    ({ step: name, takes, unless }) => {
      const step = catalogue.get(name);
      const argument = task.args[unless];
      if (argument?.is === 'known' && argument.json === true) return [];
      return step === null ? [] : [{ step: step.name, takes }];
    },
  );
  if (before.length === 0) return task;
  // With a loop, condition and variables may speak of its items: they stay with the tasks.
  const looped = task.loop !== null;
  const part = (index: number): TaskEntry => ({
    ...task,
    id: taskId(`${task.id}.${index + 1}`),
    when: looped ? task.when : [],
    vars: looped ? task.vars : {},
  });
  const leading = before.map((one, index) => led(part(index), one));
  return {
    is: 'block',
    id: task.id,
    name: task.name,
    at: task.at,
    when: looped ? [] : task.when,
    loop: null,
    params: {},
    defaults: {},
    vars: looped ? {} : task.vars,
    body: [...leading, part(before.length)],
    rescue: [],
    always: [],
  };
}

/** A step that goes before: with the arguments meant for it, and nothing that judges or tells how the task itself went. */
function led(
  task: TaskEntry,
  { step, takes }: { readonly step: StepName; readonly takes: readonly string[] },
): TaskEntry {
  return {
    ...task,
    step,
    args: Object.fromEntries(Object.entries(task.args).filter(([name]) => takes.includes(name))),
    name: `${task.name}: ${step}`,
    register: null,
    attempts: null,
    changedWhen: null,
    failedWhen: null,
    notify: [],
    timeoutMs: null,
    undo: null,
  };
}
