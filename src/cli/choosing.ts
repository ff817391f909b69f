// Which hosts a command line means: a pattern, narrowed by --limit, both with @FILE.
import { diskFiles } from '../edge/files.ts';
import { selectHosts, withHostFiles } from '../load/inventory/patterns.ts';
import type { HostName } from '../model/ids.ts';
import type { Inventory } from '../model/inventory.ts';
import { type Diagnostic, problem } from '../text/diagnostic.ts';
import { spanOf } from '../text/span.ts';
import { refusal, type Wrong } from './telling.ts';
import type { Speech } from './speech.ts';

export type Chosen = { readonly is: 'chosen'; readonly hosts: readonly HostName[] } | Wrong;

export async function chosenHosts(
  speech: Speech,
  inventory: Inventory,
  { pattern, limit }: { readonly pattern: string; readonly limit: string | null },
): Promise<Chosen> {
  const named = await selected(speech, inventory, pattern, 'command line');
  if (named.is === 'wrong' || limit === null) return named;
  const limited = await selected(speech, inventory, limit, '--limit');
  if (limited.is === 'wrong') return limited;
  const among = new Set(limited.hosts);
  const hosts = named.hosts.filter(host => among.has(host));
  if (hosts.length > 0) return { is: 'chosen', hosts };
  const said = `the limit "${limit}" leaves none of the hosts of "${pattern}"`;
  return wrong(speech, [problem('empty-selection', spanOf('--limit'), said)]);
}

async function selected(speech: Speech, inventory: Inventory, text: string, from: string): Promise<Chosen> {
  const at = spanOf(from);
  const pattern = await withHostFiles(diskFiles(), text, at);
  if (typeof pattern !== 'string') return wrong(speech, [pattern]);
  const { hosts, diagnostics } = selectHosts(inventory, pattern, at);
  return diagnostics.length === 0 ? { is: 'chosen', hosts } : wrong(speech, diagnostics);
}

function wrong(speech: Speech, diagnostics: readonly Diagnostic[]): Wrong {
  return { is: 'wrong', exit: refusal(speech, diagnostics, () => null) };
}
