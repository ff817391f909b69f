// Tasks that become more than one: a table by step. `zones.evacuate` needs targets on its zones first, with an undo of
// their own, so it becomes a block of `zones.target` and `zones.evacuate` with the same arguments. Not for handlers.
import { taskId } from '../model/ids.ts';
import type { Entry, TaskEntry } from '../model/program.ts';
import type { Catalogue } from '../model/step.ts';

/** Step -> the steps that go before it, with the same arguments. */
const BEFORE: Readonly<Record<string, readonly string[]>> = { 'zones.evacuate': ['zones.target'] };

export function expanded(task: TaskEntry, catalogue: Catalogue): Entry {
  const before = (Object.hasOwn(BEFORE, task.step) ? (BEFORE[task.step] ?? []) : []).flatMap(name => {
    const step = catalogue.get(name);
    return step === null ? [] : [step.name];
  });
  if (before.length === 0) return task;
  // With a loop, condition and variables may speak of its items: they stay with the tasks.
  const looped = task.loop !== null;
  const part = (index: number): TaskEntry => ({
    ...task,
    id: taskId(`${task.id}.${index + 1}`),
    when: looped ? task.when : [],
    vars: looped ? task.vars : {},
  });
  const leading = before.map(
    (step, index): TaskEntry => ({
      ...part(index),
      step,
      name: `${task.name}: ${step}`,
      register: null,
      attempts: null,
      changedWhen: null,
      failedWhen: null,
      notify: [],
      timeoutMs: null,
      undo: null,
    }),
  );
  return {
    is: 'block',
    id: task.id,
    name: task.name,
    at: task.at,
    when: looped ? [] : task.when,
    vars: looped ? {} : task.vars,
    body: [...leading, part(before.length)],
    rescue: [],
    always: [],
  };
}
