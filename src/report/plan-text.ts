// A plan for the person who says yes, to be read in a minute: what moves where and when, how full hosts get, who is down,
// what can't go back, how good it is, and last each step. What is alike is told once; --verbose tells everything.
import type { PlanFigures } from '../model/figures.ts';
import type { HostName } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import { counted, wrapped } from '../text/fit.ts';
import { bytesText } from '../text/size.ts';
import { visible } from '../text/visible.ts';
import {
  boundsText,
  diskText,
  downText,
  endText,
  item,
  leftText,
  noReturnText,
  restsOnText,
  toldText,
} from './plan-figures.ts';
import { sumOf, wavesText } from './plan-moves.ts';
import { campaignRooms } from './plan-rooms.ts';
import { planChanges, type PlanTextOptions, stepsText } from './plan-steps.ts';

export interface PlanLook extends PlanTextOptions {
  /** When it was made, where it is read. */
  readonly made: string;
}

function headline(plan: Plan, options: PlanLook): string {
  const hosts = new Set<HostName>(plan.waves.flatMap(wave => wave.plan.hosts)).size;
  const what = `${counted(hosts, 'host')} in ${counted(plan.waves.length, 'wave')}`;
  return `Plan of ${plan.playbooks.join(', ')}: ${what}, made ${options.made}`;
}

function totals(plan: Plan, figures: PlanFigures | null): string {
  const moves = plan.waves.flatMap(wave => wave.plan.migrations);
  const copied = figures?.bounds.find(one => one.of === 'bytes')?.value ?? sumOf(moves);
  const back = copied > sumOf(moves) ? ', there and back' : '';
  const zones = moves.length === 1 ? '1 zone moves' : `${moves.length} zones move`;
  const said = [
    ...(moves.length === 0 ? [] : [`${zones}, ${bytesText(copied)} of memory to copy${back}`]),
    ...(figures === null || figures.ms === 0 ? [] : [endText(figures, figures.waves)]),
  ];
  return said.join('; ');
}

function rooms(figures: PlanFigures, options: PlanTextOptions): readonly string[] {
  const lines = campaignRooms(figures, { columns: options.columns - 2, verbose: options.verbose });
  return lines.length === 0 ? [] : ['', 'Memory given away:', ...lines.map(line => `  ${line}`)];
}

/** @param figures null: only what the plan itself says. */
export function planText(plan: Plan, options: PlanLook, figures: PlanFigures | null = null): string {
  const total = totals(plan, figures);
  const sections =
    figures === null ? [] : [rooms, downText, toldText, noReturnText, leftText, diskText, boundsText, restsOnText];
  const lines = [
    ...wrapped(visible(headline(plan, options)), options.columns),
    ...(planChanges(plan) ? [] : ['Nothing to do.']),
    ...(total === '' ? [] : wrapped(total, options.columns)),
    ...wavesText(plan, figures, options),
    ...sections.flatMap(section => (figures === null ? [] : section(figures, options))),
    '',
    'Steps:',
    ...stepsText(plan, options),
    ...(plan.notes.length === 0 ? [] : ['', 'Notes:']),
    ...plan.notes.flatMap(note => item(note, options.columns)),
    '',
    ...wrapped('+ changes   ? known only then   = nothing to do   - skipped', options.columns),
  ];
  return `${lines.join('\n')}\n`;
}
