// How a host, and so a run, ended: read from the state, for the end of the run and for every report.
import { never } from '../text/never.ts';
import { type Verdict, worst } from './action.ts';
import type { LaneState, RunState } from './state.ts';

export function laneVerdict(lane: LaneState): Verdict {
  if (lane.turned === null) return 'done';
  const { towards } = lane.turned;
  switch (towards) {
    case 'rollback':
      return 'rolled-back';
    case 'hold':
    case 'stuck':
      return 'stuck';
    case 'stop':
    case 'continue':
    case 'refused':
      return 'stopped';
    default:
      return never(towards);
  }
}

/** The worst of its hosts'; who said why stands in the lanes' turns. */
export function runVerdict(state: RunState): Verdict {
  return worst(state.lanes.values().map(laneVerdict));
}
