// Who is told of a notice: the addresses that the plays say, computed once when the run starts, on every host. What has
// no address is told in words; an address behind its host is a secret and stands in none of them.
import type { Occasion } from '../model/occasion.ts';
import type { HostName, RunId } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import type { Play, Telling } from '../model/program.ts';
import { type Ground, scopeAt } from '../model/scope.ts';
import type { Evaluate, Scope, Value } from '../model/value.ts';
import type { JsonObject } from '../text/json.ts';
import { Secret } from '../text/secret.ts';
import { addressProblem, originOf, secretsInAddress, secretsInHeader } from '../text/web-address.ts';
import type { Notice } from './notices.ts';

export interface Addressee {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What may be shown of it. */
  readonly origin: string;
}

/** A notice, whom to send it, and what it is called there. */
export interface Addressed {
  readonly to: Addressee;
  readonly word: Occasion;
}

interface Resolved {
  readonly play: number;
  readonly on: readonly Occasion[];
  readonly of: ReadonlyMap<HostName, Addressee>;
}

export interface Addressees {
  /** Each address once, however many entries name it. */
  for(notice: Notice): readonly Addressed[];
  readonly secrets: readonly Secret[];
  /** What nobody can be told by, in words. */
  readonly wrong: readonly string[];
}

export interface Start {
  readonly plan: Plan;
  readonly evaluate: Evaluate;
  readonly run: RunId;
  readonly values: JsonObject;
}

export function addresseesOf(start: Start): Addressees {
  const finding: Finding = { start, same: new Map(), wrong: [] };
  const all = start.plan.program.plays.flatMap(play =>
    (play.onEvent ?? []).map(telling => resolved(finding, play, telling)),
  );
  const hidden = [...finding.same.values()].flatMap(({ url, headers }) => [
    ...secretsInAddress(url),
    ...Object.values(headers).flatMap(secretsInHeader),
  ]);
  return {
    for: notice => addressed(all, notice),
    secrets: [...new Set(hidden)].map(text => new Secret(text)),
    wrong: finding.wrong,
  };
}

function addressed(resolved: readonly Resolved[], { words, play, about }: Notice): readonly Addressed[] {
  const found = new Map<Addressee, Occasion>();
  for (const word of words)
    for (const one of resolved) {
      if (!one.on.includes(word) || (play !== null && play !== one.play)) continue;
      const those = about.flatMap(host => one.of.get(host) ?? []);
      for (const to of those) if (!found.has(to)) found.set(to, word);
    }
  return [...found].map(([to, word]) => ({ to, word }));
}

interface Finding {
  readonly start: Start;
  /** The same address with the same headers is one addressee, whoever said them. */
  readonly same: Map<string, Addressee>;
  readonly wrong: string[];
}

function resolved({ start, same, wrong }: Finding, play: Play, telling: Telling): Resolved {
  const ground: Ground = start;
  const of = new Map<HostName, Addressee>();
  for (const host of play.hosts) {
    const around = { facts: null, results: {}, failed: null, params: [], blocks: [], defaults: [] };
    const made = addresseeAt(start, telling, scopeAt(ground, { host, play, ...around }, null, null));
    if (made.is === 'none') {
      wrong.push(`"on_event" of "${play.name}" tells nobody for ${host}: ${made.why}`);
      continue;
    }
    const key = JSON.stringify([made.addressee.url, Object.entries(made.addressee.headers)]);
    const addressee = same.get(key) ?? made.addressee;
    same.set(key, addressee);
    of.set(host, addressee);
  }
  return { play: play.number, on: telling.on, of };
}

type Made = { readonly is: 'addressee'; readonly addressee: Addressee } | { readonly is: 'none'; readonly why: string };

function addresseeAt({ evaluate }: Start, { url: address, headers: said }: Telling, scope: Scope): Made {
  const url = textOf(address, scope, evaluate);
  if (url === null) return { is: 'none', why: 'its url has no value when the run starts' };
  const problem = addressProblem(url);
  if (problem !== null) return { is: 'none', why: `its url can't be used: ${problem}` };
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(said)) {
    const text = textOf(value, scope, evaluate);
    if (text === null) return { is: 'none', why: `its header "${name}" has no value when the run starts` };
    headers[name] = text;
  }
  return { is: 'addressee', addressee: { url, headers, origin: originOf(url) } };
}

function textOf(value: Value, scope: Scope, evaluate: Evaluate): string | null {
  const found = evaluate(value, scope);
  return found.is === 'value' && typeof found.json === 'string' ? found.json : null;
}
