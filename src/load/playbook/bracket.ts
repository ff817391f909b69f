// An evacuation and a return in one play have no net effect: a second run would empty every host for nothing. So the
// evacuation should stand under a condition; where none stands, this warns.
import type { Entry, Play, TaskEntry } from '../../model/program.ts';
import { andAt, type Diagnostic, warning } from '../../text/diagnostic.ts';

interface Found {
  readonly task: TaskEntry;
  readonly guarded: boolean;
}

export function bracketWarnings(play: Play): readonly Diagnostic[] {
  const all = play.sections.flatMap(section => section.entries.flatMap(entry => found(entry, false)));
  const back = all.findLastIndex(one => one.task.step === 'zones.return');
  const away = all.slice(0, Math.max(0, back)).filter(one => one.task.step === 'zones.evacuate' && !one.guarded);
  const home = all[back]?.task;
  if (home === undefined) return [];
  return away.map(one => {
    const said = warning(
      'unguarded-bracket',
      one.task.at,
      'this evacuation is undone by a return and stands under no condition: a second run empties the hosts for nothing',
      'register the update and put both under "when: update.pending"',
    );
    return andAt(said, home.at, 'the zones come home here');
  });
}

function found(entry: Entry, guarded: boolean): readonly Found[] {
  switch (entry.is) {
    case 'task':
      return [{ task: entry, guarded: guarded || entry.when.length > 0 }];
    case 'flush':
    case 'end':
      return [];
    default: {
      const inner = guarded || entry.when.length > 0;
      return [...entry.body, ...entry.rescue, ...entry.always].flatMap(part => found(part, inner));
    }
  }
}
