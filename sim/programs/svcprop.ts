// svcprop(1): property values as the running snapshot has them (`-c`: as stored, `-C`: without the service's values).
import type { Proc } from '../os/program.ts';
import { activeBe } from '../world/fleet.ts';
import { composed, isInstance } from '../world/smf.ts';
import type { Groups, Property } from '../world/smf.ts';
import type { Host } from '../world/state.ts';
import type { HostProgram } from './call.ts';
import { entityOf } from './fmri.ts';
import { getopts } from './options.ts';
import type { Options } from './options.ts';

/** A value as the shell could read it again; an empty one as two quotes. */
function escapedValue(value: string): string {
  return value === '' ? '""' : value.replace(/[\s\\'"`;&()|<>*?[\]$]/g, '\\$&');
}

const valuesText = (property: Property): string => property.values.map(escapedValue).join(' ');

function viewOf(host: Host, fmri: string, options: Options): Groups {
  const smf = activeBe(host).smf;
  if (options.given.has('C')) return smf.current.get(fmri) ?? new Map();
  if (options.given.has('c') || !isInstance(fmri)) return composed(smf, fmri);
  return smf.snapshots.get(fmri) ?? new Map();
}

function lines(view: Groups, wanted: string | null, fmri: string, full: boolean): readonly string[] | null {
  const [group = '', name] = (wanted ?? '').split('/');
  const groups = wanted === null ? [...view] : [...view].filter(([g]) => g === group);
  const rows = groups.flatMap(([g, { properties }]) =>
    [...properties].filter(([p]) => name === undefined || p === name).map(([p, value]) => ({ g, p, value })),
  );
  const single = name !== undefined && !full;
  if (wanted !== null && (name === undefined ? groups.length === 0 : rows.length === 0)) return null;
  const prefix = full ? `${fmri}/:properties/` : '';
  return rows.map(({ g, p, value }) =>
    single ? valuesText(value) : `${prefix}${g}/${p} ${value.type} ${valuesText(value)}`,
  );
}

async function printOne(proc: Proc, host: Host, pattern: string, options: Options): Promise<number> {
  const fmri = entityOf(host, pattern);
  if (fmri === null) {
    await proc.err(`svcprop: Pattern \`${pattern}' doesn't match any entities\n`);
    return 1;
  }
  const wanted = options.given.get('p') ?? [null];
  let status = 0;
  for (const one of wanted) {
    const found = lines(viewOf(host, fmri, options), one, fmri, options.given.has('f') || wanted.length > 1);
    if (found === null) {
      const kind = isInstance(fmri) ? 'instance' : 'service';
      if (!options.given.has('q'))
        await proc.err(`svcprop: Couldn't find property group \`${one ?? ''}' for ${kind} \`${fmri}'.\n`);
      status = 1;
    } else if (found.length > 0 && !options.given.has('q')) await proc.out(`${found.join('\n')}\n`);
  }
  return status;
}

export const svcprop: HostProgram = async ({ host }, proc, argv) => {
  const options = getopts(argv.slice(1), 'afqtCcs:p:vwl:');
  if (options.bad !== null || options.rest.length === 0) {
    await proc.err('Usage: svcprop [-aftqv] [-C | -c | -s snapshot] [-p [name/]name]... {FMRI | pattern}...\n');
    return 2;
  }
  let status = 0;
  for (const pattern of options.rest) status = Math.max(status, await printOne(proc, host, pattern, options));
  return status;
};
