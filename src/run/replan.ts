// A wave that is planned again in its turn, from facts of that moment: it goes into the journal, or somebody is asked first
// because it is too far from the one that was approved (`replan`). How far that is stands in drift.ts. Pure.
import type { Law } from '../model/event.ts';
import { type Chosen, noteOn, type Plan, playOf, type Wave, waveName, type WavePlan } from '../model/plan.ts';
import type { RunState, WaveState } from '../model/state.ts';
import { tooFar } from './drift.ts';
import type { Charge } from './next.ts';
import { isYesTo, type Question } from './question.ts';
import { hostsLeft } from './waves.ts';

export type WavePlanned =
  | { readonly is: 'record'; readonly event: Law }
  | { readonly is: 'short'; readonly why: string }
  | { readonly is: 'ask'; readonly question: Question };

export function planned(charge: Charge, state: RunState, wave: WaveState): WavePlanned {
  const answer = charge.planWave(charge.plan, state, wave.wave, wave.facts);
  if (answer.is === 'shortfall') return { is: 'short', why: [answer.message, ...answer.help].join('; ') };
  const { plan } = answer;
  const play = playOf(charge.plan, wave.wave);
  if (!plan.hosts.some(host => hostsLeft(state, play).includes(host)))
    throw new Error(`wave ${waveName(wave.wave)} was planned without any host that is left`);
  const approved = approvedFor(charge.plan, plan);
  const differs = differences(charge.plan, approved, answer);
  const far = approved ? tooFar(approved, plan, play.replan) : null;
  if (approved && far !== null && !saidYes(charge, state, wave, { approved, now: plan }))
    return { is: 'ask', question: questionOf(wave.wave, far, differs) };
  return { is: 'record', event: { type: 'wave-planned', wave: wave.wave, plan, differs } };
}

type PlannedWave = Extract<Chosen, { readonly is: 'planned' }>;

interface Drifted {
  readonly approved: WavePlan;
  readonly now: WavePlan;
}

/** Whoever said yes was asked about a wave; that is approved since, and nothing else is. */
function saidYes(charge: Charge, state: RunState, waveState: WaveState, { approved, now }: Drifted): boolean {
  const { wave, agreed } = waveState;
  if (agreed === null) return false;
  const answer = charge.planWave(charge.plan, state, wave, agreed.facts);
  if (answer.is === 'shortfall') return false;
  const { replan } = playOf(charge.plan, wave);
  const far = tooFar(approved, answer.plan, replan);
  const differs = differences(charge.plan, approved, answer);
  if (far === null || !isYesTo(questionOf(wave, far, differs), waveState)) return false;
  return tooFar(answer.plan, now, replan) === null;
}

/** Where others were left over, waves have other numbers than were planned: what was approved of these hosts counts. null: nothing was. */
function approvedFor({ waves }: Plan, now: WavePlan): WavePlan | null {
  const ofPlay = waves.flatMap(({ plan }) => (plan.wave.play === now.wave.play ? [plan] : []));
  if (ofPlay.length === 0) return null;
  const theirs = ofPlay.filter(one => one.hosts.some(host => now.hosts.includes(host)));
  const own = ofPlay.find(one => one.wave.n === now.wave.n);
  if (own !== undefined && (theirs.length === 0 || theirs.includes(own))) return own;
  const migrations = ofPlay.flatMap(one => one.migrations).filter(({ from }) => now.hosts.includes(from));
  const staying = ofPlay.flatMap(one => one.staying).filter(({ host }) => now.hosts.includes(host));
  return { ...now, migrations, staying };
}

/** A question has to fit on a screen. */
const TOLD = 10;

function questionOf(wave: Wave, far: string, differs: readonly string[]): Question {
  const more = differs.length > TOLD ? [`and ${differs.length - TOLD} more`] : [];
  return {
    about: `wave ${waveName(wave)} would not be as it was approved: ${far}`,
    changes: [...differs.slice(0, TOLD), ...more],
    later: 'if that is right, resume the run and it goes on so',
  };
}

/** What a person would want to hear when the plan they approved isn't the one that is carried out. */
function differences({ notes }: Plan, approved: WavePlan | null, now: PlannedWave): readonly string[] {
  const news = now.notes.filter(note => !notes.includes(noteOn(now.plan.wave, note)));
  const [before, after] = [new Set(approved ? wordsOf(approved) : []), new Set(approved ? wordsOf(now.plan) : [])];
  return [
    ...[...before].filter(word => !after.has(word)).map(word => `no longer: ${word}`),
    ...[...after].filter(word => !before.has(word)).map(word => `new: ${word}`),
    ...news.map(note => `new: ${note}`),
  ];
}

const wordsOf = (plan: WavePlan): readonly string[] => [
  ...plan.hosts.map(host => `${host} is in the wave`),
  ...plan.migrations.map(one => `${one.zone} goes from ${one.from} to ${one.to}`),
  ...plan.staying.map(one => `${one.zone} stays on ${one.host}`),
];
