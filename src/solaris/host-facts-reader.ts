// The answers to the facts script as facts. What wasn't answered or can't be read is unknown, with its reason, and
// each line that no reader understood is listed. It asks nothing itself.
import { type Finished, mapReading, type Reading } from '../model/command.ts';
import { type Facts, type Known, known, type Memory, unknown, type UnreadableLine } from '../model/facts.ts';
import type { EvacuationTarget, ZoneConfiguration, ZoneFacts, ZoneProperty } from '../model/facts.ts';
import * as beadm from './beadm.ts';
import * as boot from './boot.ts';
import * as host from './host.ts';
import { oneNumber } from './kstat.ts';
import * as pkg from './pkg.ts';
import * as smf from './smf.ts';
import * as sysadm from './sysadm.ts';
import * as zoneadm from './zoneadm.ts';
import { configurationOf, type Extent } from './zone-configuration.ts';
import { readInfo } from './zonecfg.ts';

type Parts = ReadonlyMap<string, Finished>;

interface Answers {
  get<T>(part: string, read: (ended: Finished) => Reading<T>): Known<T>;
  has(part: string): boolean;
}

/** Reads parts, and keeps every line that wasn't understood. */
function answersOf(parts: Parts, unreadable: UnreadableLine[]): Answers {
  return {
    has: part => parts.has(part),
    get: (part, read) => {
      const reading = sysadm.readPart(parts, part, read);
      if (reading.is === 'unreadable') unreadable.push({ part, line: reading.line, why: reading.why });
      return sysadm.asKnown(reading);
    },
  };
}

export function readFacts(asking: { readonly host: string; readonly at: string }, mark: string, parts: Parts): Facts {
  const unreadable: UnreadableLine[] = [...sysadm.unreadableLines(parts)];
  const answers = answersOf(parts, unreadable);
  const { maintenance, record, rad } = sysadm.readState(parts);
  return {
    host: asking.host,
    at: asking.at,
    clock: answers.get('clock', boot.readClock),
    os: answers.get('uname', host.readUname),
    boot: answers.get('boot', ended => mapReading(oneNumber(boot.BOOT_TIME, ended), time => ({ time }))),
    be: answers.get('be', beadm.readList),
    entire: answers.get('entire', pkg.readEntire),
    maintenance,
    record,
    rad: { local: rad, remote: answers.get('rad remote', smf.readState) },
    memory: memoryOf(answers),
    cpus: answers.get('processors', host.readProcessors),
    cpuClass: answers.get('processor class', host.readProcessorClass),
    pools: answers.get('pools', host.readPools),
    services: answers.get('services', ended => mapReading(smf.readList(ended), smf.ailing)),
    publishers: answers.get('publishers', pkg.readPublishers),
    zones: zonesOf(answers),
    defaultTarget: answers.get('default target', smf.readTarget),
    rights: {
      user: answers.get('user', host.readUser),
      profiles: answers.get('profiles', host.readNames),
      auths: answers.get('auths', host.readNames),
    },
    atWork: answers.get('at work', ended => host.readAtWork(mark, ended)),
    unreadable,
  };
}

function memoryOf(answers: Answers): Memory {
  const pages = answers.get('free pages', ended => oneNumber(host.FREE_PAGES, ended));
  const size = answers.get('page size', host.readNumber);
  return {
    totalBytes: answers.get('memory', host.readMemory),
    freeBytes: pages.is === 'unknown' ? pages : size.is === 'unknown' ? size : known(pages.value * size.value),
    arcBytes: answers.get('arc', ended => oneNumber(host.ARC_BYTES, ended)),
  };
}

function zonesOf(answers: Answers): Known<readonly ZoneFacts[]> {
  const rows = answers.get('zones', zoneadm.readList);
  if (rows.is === 'unknown') return rows;
  const auxiliary = answers.get('auxiliary', zoneadm.readAuxiliary);
  const zones = rows.value.filter(row => row.name !== 'global');
  return known(
    zones.map(({ id, name, brand, state, path, uuid }) => ({
      name,
      id,
      brand,
      state,
      aux: auxOf(auxiliary, name),
      path,
      uuid,
      configuration: configurationIn(answers, name),
      target: targetIn(answers, `target ${name}`),
      instanceTarget: targetIn(answers, `own ${name}`),
    })),
  );
}

function auxOf(auxiliary: Known<readonly zoneadm.AuxiliaryRow[]>, zone: string): Known<string> {
  if (auxiliary.is === 'unknown') return auxiliary;
  const row = auxiliary.value.find(one => one.zone === zone);
  return row ? known(row.aux) : unknown('not in the table of auxiliary states');
}

function targetIn(answers: Answers, part: string): Known<EvacuationTarget> {
  return answers.get(part, smf.readTarget);
}

/** With all properties, or, on a release that can't print them all, with those that aren't defaults. */
function configurationIn(answers: Answers, zone: string): Known<ZoneConfiguration> {
  const [part, extent]: readonly [string, Extent] = answers.has(`short ${zone}`)
    ? [`short ${zone}`, 'without-defaults']
    : [`info ${zone}`, 'whole'];
  const properties: Known<readonly ZoneProperty[]> = answers.get(part, readInfo);
  if (properties.is === 'unknown') return properties;
  const named = properties.value.find(one => one.resource === '' && one.name === 'zonename')?.value;
  return named === zone
    ? configurationOf(properties.value, extent)
    : unknown(`zonecfg answered for ${named ?? 'no zone'}`);
}
