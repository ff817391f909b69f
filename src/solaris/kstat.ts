// `kstat -p`: kernel statistics as lines of key, tab, value. A statistic that isn't there prints nothing and fails.
import { type Finished, ok, type Reading, unreadable } from '../model/command.ts';
import { count, rows } from './reading.ts';

export const KSTAT = '/usr/bin/kstat';

// unix:0:system_pages:freemem	632476
function readKstat(ended: Finished): Reading<ReadonlyMap<string, string>> {
  const read = rows(ended, line => {
    const tab = line.indexOf('\t');
    return tab > 0 ? ok([line.slice(0, tab), line.slice(tab + 1).trim()] as const) : unreadable(line, 'no tab');
  });
  return read.is === 'ok' ? ok(new Map(read.value)) : read;
}

export function oneNumber(key: string, ended: Finished): Reading<number> {
  const read = readKstat(ended);
  if (read.is !== 'ok') return read;
  const text = read.value.get(key);
  const value = count(text);
  return value === null ? unreadable(text ?? '', `no number for ${key}`) : ok(value);
}
