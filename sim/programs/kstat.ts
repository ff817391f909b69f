// kstat(8): the statistics that tell how much memory a host has and when it booted. Only `-p` lines.
import { arcBytes, freeBytes } from '../world/memory.ts';
import type { Host } from '../world/state.ts';
import type { HostProgram } from './call.ts';
import { pageBytes } from './host-facts.ts';
import { getopts, optionOf } from './options.ts';

type Statistic = readonly [module: string, instance: string, name: string, statistic: string, value: string];

function statistics(host: Host): readonly Statistic[] {
  const page = pageBytes(host);
  const pages = (bytes: number): string => String(Math.floor(bytes / page));
  const { memoryBytes, cpus, cpuModel } = host.hardware;
  const arc = arcBytes(host);
  const cpu = Array.from({ length: cpus }, (_, at): readonly Statistic[] => [
    ['cpu_info', String(at), `cpu_info${at}`, 'brand', cpuModel],
    ['cpu_info', String(at), `cpu_info${at}`, 'state', 'on-line'],
  ]);
  return [
    ...cpu.flat(),
    ['unix', '0', 'system_misc', 'boot_time', String(Math.floor(host.reportedBoot / 1000))],
    ['unix', '0', 'system_misc', 'ncpus', String(cpus)],
    ['unix', '0', 'system_pages', 'freemem', pages(freeBytes(host))],
    ['unix', '0', 'system_pages', 'pagestotal', pages(memoryBytes)],
    ['unix', '0', 'system_pages', 'physmem', pages(memoryBytes)],
    ['zfs', '0', 'arcstats', 'c', String(arc)],
    ['zfs', '0', 'arcstats', 'c_max', String(Math.floor(memoryBytes * 0.75))],
    ['zfs', '0', 'arcstats', 'c_min', String(Math.min(arc, 2 ** 28))],
    ['zfs', '0', 'arcstats', 'size', String(arc)],
  ];
}

/** null: an empty part, which means any. */
function expressionOf(pattern: string): RegExp | null {
  if (pattern === '') return null;
  const body = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${body}$`);
}

export const kstat: HostProgram = async ({ host }, proc, argv) => {
  const options = getopts(argv.slice(1), 'pqlCT:c:m:i:n:s:');
  if (options.bad !== null) {
    await proc.err(
      'Usage:\nkstat [ -Cjlpq ] [ -T d|u ] [ -c class ] [ -m module ] [ -i instance ] [ -n name ] [ -s statistic ]\n',
    );
    return 2;
  }
  const named = ['m', 'i', 'n', 's'].map(letter => optionOf(options, letter) ?? '');
  const patterns = options.rest.length === 0 ? [named] : options.rest.map(p => p.split(':').slice(0, 4));
  const expressions = patterns.map(parts => parts.map(expressionOf));
  const found = statistics(host).filter(s =>
    expressions.some(parts => parts.every((part, at) => part === null || part.test(s[at] ?? ''))),
  );
  await proc.out(found.map(([m, i, n, s, value]) => `${m}:${i}:${n}:${s}\t${value}\n`).join(''));
  return found.length === 0 ? 1 : 0;
};
