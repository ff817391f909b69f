// What users notice of a wave, and from when on a host can't go back: read from the forecast of its hosts' steps.
import type { Facts } from '../../model/facts.ts';
import type { Down, NoReturn } from '../../model/figures.ts';
import { type HostName, zoneName } from '../../model/ids.ts';
import type { WaveForecast } from '../../model/plan.ts';
import type { Timed, WaveTimes } from './duration.ts';
import { happens } from '../campaign/whether.ts';

type FactsByHost = Readonly<Record<HostName, Facts>>;

const REBOOTS = ['be.boot', 'host.reboot'];

/** In the order of time, by host: all of them in one go, since a wave may have a thousand. */
function happening({ timed }: WaveTimes): (host: HostName) => readonly Timed[] {
  const byHost = new Map<HostName, Timed[]>();
  for (const one of timed) {
    const { lane } = one.forecast;
    if (lane.is !== 'host' || !happens(one.forecast)) continue;
    const own = byHost.get(lane.host) ?? [];
    byHost.set(lane.host, own);
    own.push(one);
  }
  return host => byHost.get(host) ?? [];
}

/** Zones that run on a host that boots, and don't leave it before: from when they are shut down until they are started again. */
export function downIn(wave: WaveForecast, times: WaveTimes, facts: FactsByHost): readonly Down[] {
  const of = happening(times);
  return wave.plan.hosts.flatMap(host => {
    const own = of(host);
    const reboot = own.find(({ forecast }) => REBOOTS.includes(forecast.step));
    if (reboot === undefined) return [];
    const shutdown = own.find(({ forecast, fromMs }) => forecast.step === 'zone.shutdown' && fromMs <= reboot.fromMs);
    const started = own.find(({ forecast, fromMs }) => forecast.step === 'zones.start_stayed' && fromMs >= reboot.toMs);
    const fromMs = (shutdown ?? reboot).fromMs;
    const ms = (started ?? reboot).toMs - fromMs;
    return stayersOn(wave, host, facts[host]).map(({ zone, why }) => ({ zone: zoneName(zone), host, fromMs, ms, why }));
  });
}

function stayersOn(
  { plan }: WaveForecast,
  host: HostName,
  facts: Facts | undefined,
): readonly { readonly zone: string; readonly why: string }[] {
  if (facts === undefined || facts.zones.is === 'unknown') return [];
  return facts.zones.value
    .filter(
      zone => zone.state === 'running' && !plan.migrations.some(one => one.zone === zone.name && one.from === host),
    )
    .map(zone => {
      const said = plan.staying.find(one => one.host === host && one.zone === zone.name)?.why;
      return { zone: zone.name, why: said ?? `it runs on ${host}, and the plan doesn't move it` };
    });
}

/** The first step of each host behind which a rollback doesn't go, if there is one. */
export function noReturnsIn(wave: WaveForecast, times: WaveTimes, facts: FactsByHost): readonly NoReturn[] {
  const of = happening(times);
  return wave.plan.hosts.flatMap(host => {
    const own = of(host);
    const away = wave.plan.migrations.filter(one => one.from === host).map(one => one.zone);
    const natives = stayersOn(wave, host, facts[host]).map(one => one.zone);
    for (const { forecast, fromMs } of own) {
      const why = barrierOf(forecast.step, away, natives);
      if (why !== null) return [{ host, step: forecast.step, atMs: fromMs, why }];
    }
    return [];
  });
}

/** What the steps themselves say when their undo is worked out. */
function barrierOf(step: string, away: readonly string[], natives: readonly string[]): string | null {
  if (step === 'be.boot' && natives.length > 0)
    return 'zones that stay run in the new system from then on: going back would lose what they write';
  if (step === 'maintenance.end' && away.length > 0)
    return 'it is opened while zones are away: from there they come home, nothing goes back';
  if (step === 'zones.return' && away.length > 0) return 'zones come home: from there the way is forward';
  return null;
}
