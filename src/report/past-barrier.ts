// Why a rollback begins nothing: which host is past which of its tasks, as the author called them.
import type { PastBarrier } from '../model/action.ts';
import { laneName } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import { wrapped } from '../text/fit.ts';
import { visible } from '../text/visible.ts';
import { scriptOf } from './script.ts';

export function pastBarrierText(plan: Plan, barriers: readonly PastBarrier[], columns: number): string {
  const script = scriptOf(plan);
  const head = 'a rollback past a barrier is a plan of its own, and not here yet; nothing was touched';
  const lines = barriers.flatMap(({ action, why }) => {
    const [step, name] = [String(action.step), script.nameOf(action.id)];
    const what = name === step ? step : `"${name}" (${step})`;
    return wrapped(`${laneName(action.lane)} is past ${what}: ${visible(why)}`, columns - 2).map(line => `  ${line}`);
  });
  return `${[...wrapped(head, columns), ...lines].join('\n')}\n`;
}
