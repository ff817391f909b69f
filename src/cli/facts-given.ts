// Facts from a file that `zoneferry facts --out` wrote: a fleet to plan with while no host is asked.
import { readFile } from 'node:fs/promises';
import { errorText } from '../edge/files.ts';
import type { Facts } from '../model/facts.ts';
import { type HostName, hostName } from '../model/ids.ts';
import { EXIT, type Exit } from './exit.ts';
import type { Speech } from './speech.ts';

export type FactsFor =
  | { readonly is: 'facts'; readonly facts: Readonly<Record<HostName, Facts>> }
  | { readonly is: 'no'; readonly exit: Exit };

export async function factsFromFile(speech: Speech, path: string): Promise<FactsFor> {
  // Most plans are made of what hosts say just now.
  const { readFacts } = await import('../model/facts-file.ts');
  try {
    const read = readFacts(await readFile(path, 'utf8'));
    if (read.is === 'ok')
      return { is: 'facts', facts: Object.fromEntries(read.hosts.map(one => [hostName(one.host), one])) };
    for (const one of read.problems) speech.err(`${path}: ${one}\n`);
  } catch (error) {
    speech.err(`${path}: ${errorText(error)}\n`);
  }
  return { is: 'no', exit: EXIT.wrong };
}
