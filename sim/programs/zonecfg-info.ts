// zonecfg info: properties and resources as text. 11.4 prints only what differs from the default unless -a is given.
// Properties that are only another name for a resource control stand in brackets.
import { globalOf, isKernelZone, propertyOf } from '../world/config.ts';
import type { Resource, ZoneConfig } from '../world/config.ts';

const NATIVE = ['zonepath', 'brand', 'autoboot', 'autoshutdown', 'bootargs', 'file-mac-profile', 'ip-type', 'hostid'];
const KERNEL = ['brand', 'autoboot', 'autoshutdown', 'bootargs', 'hostid', 'cpu-arch', 'host-compatible'];
const DEFAULTS: Readonly<Record<string, string>> = {
  autoboot: 'false',
  autoshutdown: 'shutdown',
  'ip-type': 'exclusive',
  'cpu-arch': 'generic',
};

/** The global properties in the order of the listing; with `all` the unset ones too. */
function globals(config: ZoneConfig, all: boolean): readonly (readonly [string, string])[] {
  const order = isKernelZone(config) ? KERNEL : [...NATIVE, 'tenant'];
  const known = order.map(name => [name, globalOf(config, name) || (DEFAULTS[name] ?? '')] as const);
  const more = config.globals.filter(([name]) => !order.includes(name) && name !== 'zonepath' && name !== 'ip-type');
  const shown = [['zonename', config.name] as const, ...known, ...more];
  return all ? shown : shown.filter(([name, value]) => value !== '' && value !== DEFAULTS[name]);
}

/** Written as properties, kept as resource controls. */
const ALIASES = new Set([
  ...['max-lwps', 'max-processes', 'max-shm-memory', 'max-shm-ids', 'max-msg-ids', 'max-sem-ids', 'cpu-shares'],
  ...['swap', 'locked'],
]);

const line = (name: string, value: string): string => (ALIASES.has(name) ? `[${name}: ${value}]` : `${name}: ${value}`);

function resourceLines(resource: Resource, all: boolean): readonly string[] {
  const alias = (name: string): boolean => ALIASES.has(name) || (resource.type === 'capped-cpu' && name === 'ncpus');
  const shown = resource.properties.filter(([, value]) => all || value !== '');
  return [
    `${resource.type}:`,
    ...shown.map(([name, value]) => `\t${alias(name) ? `[${name}: ${value}]` : line(name, value)}`),
  ];
}

/** The lines of `info [resource [property=value]...]`; null when the word means nothing. */
export function info(config: ZoneConfig, args: readonly string[], all: boolean): readonly string[] | null {
  const [what, ...filters] = args;
  if (what === undefined)
    return [
      ...globals(config, all).map(([n, v]) => line(n, v)),
      ...config.resources.flatMap(r => resourceLines(r, all)),
    ];
  const global = globals(config, true).find(([name]) => name === what);
  if (global !== undefined) return [line(global[0], global[1] || (DEFAULTS[what] ?? ''))];
  const fits = (r: Resource): boolean =>
    filters.every(filter => {
      const [name = '', value = ''] = filter.split(/=(.*)/s);
      return propertyOf(r, name) === value;
    });
  const resources = config.resources.filter(r => r.type === what && fits(r));
  if (resources.length === 0 && !RESOURCES.has(what) && !GLOBALS.has(what)) return null;
  return resources.flatMap(r => resourceLines(r, all));
}

const GLOBALS = new Set([...NATIVE, ...KERNEL, 'tenant', 'zonename', 'pool', 'limitpriv', 'scheduling-class']);
export const RESOURCES = new Set(
  'anet device rootzpool zpool fs dataset net attr rctl capped-cpu capped-memory dedicated-cpu virtual-cpu suspend admin security-flags npiv verified-boot'.split(
    ' ',
  ),
);
