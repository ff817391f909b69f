// What an SSH configuration says of one login: of each keyword the first word that holds. It doesn't say what the words
// mean. Where a `Match final` asks for it, everything is read a second time with the name that the first time gave.
import type { Surroundings } from '../../model/ports.ts';
import { type Diagnostic, problem } from '../../text/diagnostic.ts';
import type { Span } from '../../text/span.ts';
import { anyFits } from '../../text/wildcards.ts';
import type { ConfigLine, SshConfig } from './config-files.ts';
import { expanded } from './tokens.ts';

/** What is known before any configuration is read, as on the command line of ssh. */
export interface Asked {
  readonly host: string;
  readonly user: string | null;
  readonly port: number | null;
}

export interface Setting {
  readonly words: readonly string[];
  readonly at: Span;
}

/** By keyword in lower case. Only those that may be said more than once have more than one. */
export type Settings = ReadonlyMap<string, readonly Setting[]>;

const SEVERAL: ReadonlySet<string> = new Set(['identityfile', 'certificatefile']);

interface Going {
  readonly asked: Asked;
  readonly around: Surroundings;
  readonly settings: Map<string, Setting[]>;
  readonly found: Diagnostic[];
  /** In the second reading: what the first one made of the name. */
  readonly final: string | null;
  wantsFinal: boolean;
}

/** @param said what was said elsewhere and counts before any file. */
export function settingsFor(
  config: SshConfig,
  asked: Asked,
  around: Surroundings,
  said: Settings,
): { readonly settings: Settings; readonly found: readonly Diagnostic[] } {
  const settings = new Map<string, Setting[]>();
  for (const [keyword, all] of said) settings.set(keyword, [...all]);
  const first: Going = { asked, around, settings, found: [], final: null, wantsFinal: false };
  for (const file of config.files) readLines(first, file, true);
  if (!first.wantsFinal) return { settings, found: first.found };
  const second: Going = { ...first, final: hostNameOf(first).toLowerCase() };
  for (const file of config.files) readLines(second, file, true);
  return { settings, found: second.found };
}

/** The name that is connected to, as far as it is known by now. */
function hostNameOf({ asked, settings }: Pick<Going, 'asked' | 'settings'>): string {
  const said = settings.get('hostname')?.[0]?.words[0];
  return said === undefined ? asked.host : expanded(said, { h: asked.host });
}

/** @param outer whether what includes these lines holds; if it doesn't, nothing inside can. */
function readLines(going: Going, lines: readonly ConfigLine[], outer: boolean): void {
  let holds = outer;
  for (const line of lines) {
    switch (line.is) {
      case 'host':
        holds = outer && anyFits(line.words, going.final ?? going.asked.host);
        break;
      case 'match':
        holds = outer && matches(going, line.words, line.at);
        break;
      case 'include':
        for (const file of line.files) readLines(going, file, holds);
        break;
      case 'set':
        // The name is made once: the second reading only looks at it.
        if (holds && (going.final === null || line.keyword !== 'hostname')) set(going.settings, line.keyword, line);
        break;
      default:
        throw new Error(`not a line: ${JSON.stringify(line satisfies never)}`);
    }
  }
}

function set(settings: Map<string, Setting[]>, keyword: string, { words, at }: Setting): void {
  const before = settings.get(keyword);
  if (before === undefined) {
    if (!keptOut(settings, keyword)) settings.set(keyword, [{ words, at }]);
  } else if (SEVERAL.has(keyword) && !before.some(one => one.words[0] === words[0])) before.push({ words, at });
}

/** Of the two ways around a direct connection the first counts; only `ProxyJump none` leaves room for a command. */
function keptOut(settings: Settings, keyword: string): boolean {
  if (keyword === 'proxyjump') return settings.has('proxycommand');
  const jump = settings.get('proxyjump')?.[0]?.words[0];
  return keyword === 'proxycommand' && jump !== undefined && jump.toLowerCase() !== 'none';
}

const ALONE = ['all', 'canonical', 'final'] as const;

/** `Match user maint host *.prod,!db.prod`: all must hold. */
function matches(going: Going, words: readonly string[], at: Span): boolean {
  const left = words.flatMap(word => word.split('=', 2));
  let [holds, unknown]: [boolean, string | null] = [true, null];
  while (left.length > 0) {
    const word = left.shift() ?? '';
    const not = word.startsWith('!');
    const criterion = (not ? word.slice(1) : word).toLowerCase();
    const value = ALONE.some(one => one === criterion) ? '' : (left.shift() ?? '');
    const answer = criterionHolds(going, criterion, value);
    if (answer === null) unknown ??= criterion;
    else if (answer === not) holds = false;
  }
  if (!holds || unknown === null) return holds;
  going.found.push(
    problem(
      'bad-ssh-config',
      at,
      `"Match ${unknown}" decides how ${going.asked.host} is reached, and isn't understood here`,
      'say it with "Host", or have the system\'s own ssh reach this host: transport: openssh',
    ),
  );
  return false;
}

/** null: not understood. */
function criterionHolds(going: Going, criterion: string, value: string): boolean | null {
  const { asked, around, settings } = going;
  const among = (name: string): boolean => anyFits(value.split(','), name);
  // Names of hosts in any case, unlike those of "Host".
  const namesHost = (name: string): boolean => anyFits(value.toLowerCase().split(','), name.toLowerCase());
  switch (criterion) {
    case 'all':
      return true;
    case 'canonical':
      return going.final !== null;
    case 'final':
      going.wantsFinal = true;
      return going.final !== null;
    case 'host':
      return namesHost(hostNameOf(going));
    case 'originalhost':
      return namesHost(asked.host);
    case 'user':
      return among(asked.user ?? settings.get('user')?.[0]?.words[0] ?? around.user);
    case 'localuser':
      return among(around.user);
    default:
      return null;
  }
}
