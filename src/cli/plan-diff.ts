// zoneferry plan diff A.json B.json: what two saved plans do differently. Exit 0: nothing; 8: something; 2: no plan.
import { errorText } from '../edge/files.ts';
import type { Plan } from '../model/plan.ts';
import { planDifferences } from '../report/plan-diff.ts';
import { EXIT, type Exit } from './exit.ts';
import { lookAtPlan } from './plan-file.ts';
import type { Speech } from './speech.ts';

export async function planDiff(speech: Speech, [first = '', second = '']: readonly string[]): Promise<Exit> {
  const [a, b] = [await read(speech, first), await read(speech, second)];
  if (a === null || b === null) return EXIT.wrong;
  const lines = planDifferences(a, b);
  speech.out(lines.length === 0 ? 'both plans do the same\n' : `${lines.join('\n')}\n`);
  return lines.length === 0 ? EXIT.done : EXIT.changes;
}

async function read(speech: Speech, path: string): Promise<Plan | null> {
  try {
    const found = await lookAtPlan(path);
    if (found.is === 'plan') return found.plan;
    speech.err(`${found.why}\n`);
  } catch (error) {
    speech.err(`${path}: ${errorText(error)}\n`);
  }
  return null;
}
