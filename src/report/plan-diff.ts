// What differs between two plans, as a person would ask: waves, who is in them, where zones go, what steps are told.
// When each was made, and facts that drifted without changing the plan, are no difference.
import type { Forecast, Plan, WaveForecast } from '../model/plan.ts';
import { waveName } from '../model/plan.ts';
import { canonical } from '../text/json.ts';
import { never } from '../text/never.ts';
import { visible } from '../text/visible.ts';

/** Lines without an end of line; none when the plans do the same. `-` only in the first, `+` only in the second. */
export function planDifferences(a: Plan, b: Plan): readonly string[] {
  const names = [...new Set([...a.waves, ...b.waves].map(wave => waveName(wave.plan.wave)))];
  return names.flatMap(name => {
    const [one, other] = [a, b].map(plan => plan.waves.find(wave => waveName(wave.plan.wave) === name));
    const lines = waveDifferences(one, other);
    return lines.length === 0 ? [] : [`wave ${name}`, ...lines.map(line => `  ${visible(line)}`)];
  });
}

function waveDifferences(one: WaveForecast | undefined, other: WaveForecast | undefined): readonly string[] {
  const [before, after] = [new Set(wordsOf(one)), new Set(wordsOf(other))];
  return [
    ...[...before].filter(word => !after.has(word)).map(word => `- ${word}`),
    ...[...after].filter(word => !before.has(word)).map(word => `+ ${word}`),
    ...(one === undefined || other === undefined ? [] : argumentsThatDiffer(one.actions, other.actions)),
  ];
}

function wordsOf(wave: WaveForecast | undefined): readonly string[] {
  if (wave === undefined) return [];
  const { hosts, migrations, staying } = wave.plan;
  return [
    ...hosts.map(host => `${host} is in the wave`),
    ...migrations.map(({ zone, from, to, stays }) => `${zone} goes from ${from} to ${to}${stays ? ' for good' : ''}`),
    ...staying.map(({ zone, host }) => `${zone} stays on ${host}`),
    ...wave.actions.map(action => `${action.step} (${action.id}) ${isSkipped(action) ? 'is skipped' : 'is done'}`),
  ];
}

const isSkipped = ({ when }: Forecast): boolean => when.is === 'no';

/** Moves are told as where zones go. */
const TOLD_ELSEWHERE = ['moves', 'alternatives', 'coming', 'staying'];

function argumentsThatDiffer(one: readonly Forecast[], other: readonly Forecast[]): readonly string[] {
  const byId = new Map(other.map(action => [action.id, action]));
  return one.flatMap(action => {
    const same = byId.get(action.id);
    if (same === undefined || action.hidden || same.hidden) return [];
    const names = [...new Set([...Object.keys(action.args), ...Object.keys(same.args)])];
    return names
      .filter(name => !TOLD_ELSEWHERE.includes(name) && textOf(action, name) !== textOf(same, name))
      .map(name => `~ ${action.step} (${action.id}): ${name} was ${textOf(action, name)}, is ${textOf(same, name)}`);
  });
}

function textOf({ args }: Forecast, name: string): string {
  const value = args[name];
  if (value === undefined) return '(not said)';
  switch (value.is) {
    case 'known':
      return canonical(value.json);
    case 'hidden':
      return '(hidden)';
    case 'expression':
      return canonical(value.source);
    case 'at-start':
      return `(asked: ${value.name})`;
    case 'later':
      return '(known later)';
    case 'foreseen':
      return `${canonical(value.json)} (foreseen)`;
    default:
      return never(value);
  }
}
