// pkg(1): building an updated boot environment, and what is installed and from where. An update here never touches the
// running system: it always goes into a new, named boot environment that is not activated.
import { type Command, type Finished, ok, type Reading, refused, unreadable } from '../model/command.ts';
import type { Entire, Publisher } from '../model/facts.ts';
import { parseFmri, operandOf } from './pkg-version.ts';
import { jsonLineOf, type PkgPlan, readPlan } from './pkg-plan.ts';
import { change, everyLine, linesOf, look, privilegedLook, saidBy, succeeded, wordsOf } from './reading.ts';

const PKG = '/usr/bin/pkg';

/** Every documented end of pkg, by its status. */
export type PkgEnd =
  | 'done'
  | 'failed'
  | 'usage'
  | 'partial'
  | 'nothing-to-do'
  | 'not-on-live-image'
  | 'licence'
  | 'locked'
  | 'actuator-timeout'
  | 'constrained'
  | 'out-of-date'
  | 'linked-image'
  | 'crashed';

const ENDS: Readonly<Record<number, PkgEnd>> = {
  0: 'done',
  1: 'failed',
  2: 'usage',
  3: 'partial',
  4: 'nothing-to-do',
  5: 'not-on-live-image',
  6: 'licence',
  7: 'locked',
  8: 'actuator-timeout',
  9: 'constrained',
  10: 'out-of-date',
  51: 'linked-image',
  52: 'linked-image',
  53: 'linked-image',
  54: 'linked-image',
  99: 'crashed',
};

/** Null for a status that isn't in the manual. */
export function endOf(code: number): PkgEnd | null {
  return ENDS[code] ?? null;
}

export interface PkgResult {
  readonly end: PkgEnd;
  /** Its words in one line, for a person. */
  readonly said: string;
}

export interface Update {
  readonly be: string;
  /** Version of `entire` as an operand, e.g. 11.4-11.4.81.0.1.193.1; null for the newest. */
  readonly entire: string | null;
  /** Also packages that `entire` doesn't hold. */
  readonly everything: boolean;
  /** Zones that share the kernel are updated so many at once. */
  readonly zonesAtOnce: number;
}

/** Takes hours, and dies with its terminal: run it detached and read its status with `readUpdate`. */
export function update(wanted: Update): Command<PkgResult> {
  return change([PKG, 'update', ...updateArgv(wanted)], readUpdate);
}

/** What `update` would do: target, space, whether a reboot is due. Changes nothing but the catalogue cache. */
export function updatePlan(wanted: Update): Command<PlannedUpdate> {
  return privilegedLook([PKG, 'update', '-n', '--parsable=0', ...updateArgv(wanted)], readUpdatePlan);
}

function updateArgv({ be, entire, everything, zonesAtOnce }: Update): readonly string[] {
  return [
    '--accept',
    '--no-be-activate',
    '--be-name',
    be,
    '-C',
    String(zonesAtOnce),
    ...(entire === null ? [] : [`entire@${entire}`]),
    ...(everything ? ['*'] : []),
  ];
}

/** The status as a closed union: what follows from each end is the caller's to say. */
export function readUpdate(ended: Finished): Reading<PkgResult> {
  if (ended.is === 'signalled') return unreadable('', `killed by ${ended.name}`);
  const end = endOf(ended.code);
  if (end === null) return unreadable(saidBy(ended), `exit ${ended.code} is in no manual`);
  return ok({ end, said: saidBy(ended) });
}

export type PlannedUpdate = { readonly is: 'nothing-to-do' } | { readonly is: 'plan'; readonly plan: PkgPlan };

function readUpdatePlan(ended: Finished): Reading<PlannedUpdate> {
  const read = readUpdate(ended);
  if (read.is !== 'ok') return read;
  if (read.value.end === 'nothing-to-do') return ok({ is: 'nothing-to-do' });
  if (read.value.end !== 'done') return refused(`${read.value.end}: ${read.value.said}`);
  const line = jsonLineOf(ended.out);
  if (line === null) return unreadable(linesOf(ended.out)[0] ?? '', 'no plan in its output');
  const plan = readPlan(line);
  return plan.is === 'ok' ? ok({ is: 'plan', plan: plan.value }) : plan;
}

/** The level that is installed in the running boot environment. */
export function entire(): Command<Entire> {
  return look([PKG, 'list', '-Hv', 'entire'], readEntire);
}

// pkg://solaris/entire@11.4-11.4.42.0.0.111.0:20211203T221558Z                 i--
export function readEntire(ended: Finished): Reading<Entire> {
  const end = succeeded(ended);
  if (end.is !== 'ok') return end;
  const installed = linesOf(ended.out).filter(line => /\si\S\S\s*$/.test(line));
  const [line, ...more] = installed;
  if (line === undefined || more.length > 0)
    return unreadable(linesOf(ended.out)[0] ?? '', 'not exactly one installed version of entire');
  const text = line.trim().split(/\s+/)[0] ?? '';
  const fmri = parseFmri(text);
  if (fmri?.name !== 'entire' || fmri.branch === '') return unreadable(line, 'not a version of entire');
  return ok({ fmri: text, branch: fmri.branch, version: operandOf(fmri) });
}

/** With its header: the columns are found by name, since releases added some. */
export function publishers(): Command<readonly Publisher[]> {
  return look([PKG, 'publisher', '-F', 'tsv'], readPublishers);
}

// PUBLISHER	STICKY	SYSPUB	ENABLED	TYPE	STATUS	URI	PROXY
// solaris	true	false	true	origin	online	http://pkg.oracle.com/solaris/release/	-
export function readPublishers(ended: Finished): Reading<readonly Publisher[]> {
  const end = succeeded(ended);
  if (end.is !== 'ok') return end;
  const [header = '', ...body] = linesOf(ended.out);
  const columns = header.split('\t').map(name => name.trim());
  const place = (name: string): number => columns.indexOf(name);
  const wanted = { name: place('PUBLISHER'), type: place('TYPE'), status: place('STATUS'), uri: place('URI') };
  if (Object.values(wanted).includes(-1)) return unreadable(header, 'not the columns PUBLISHER, TYPE, STATUS and URI');
  return everyLine(body, line => {
    const fields = line.split('\t').map(field => field.trim());
    const name = fields[wanted.name];
    if (!name || fields.length < columns.length) return unreadable(line, `fewer than ${columns.length} columns`);
    return ok({
      name,
      type: fields[wanted.type] ?? '',
      status: fields[wanted.status] ?? '',
      uri: fields[wanted.uri] ?? '',
    });
  });
}

/** Progress without a terminal: a phase and what it says. For display only. */
export function progress(line: string): { readonly phase: string; readonly text: string } | null {
  const found = /^ *(Startup|Planning|Download|Actions|Finalize): (.+)$/.exec(line);
  return found?.[1] && found[2] ? { phase: found[1], text: found[2] } : null;
}

/** A failed update leaves its clone mounted: the name and place it told, so that it can be cleared away. */
export function cloneLeftBy(ended: Finished): { readonly be: string; readonly mountpoint: string } | null {
  const text = wordsOf(ended).join(' ');
  const found =
    /Modifications were only made to a clone \((.+?)\) of the running system\.\s+This clone is mounted at (\S+)/.exec(
      text,
    );
  return found?.[1] && found[2] ? { be: found[1], mountpoint: found[2] } : null;
}
