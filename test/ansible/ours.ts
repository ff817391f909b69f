// What this program makes of a case: the same answers as Ansible is asked for, or the codes of what is wrong with it.
import { join } from 'node:path';
import { controllerPrograms } from '../../src/edge/controller-programs.ts';
import { diskFiles } from '../../src/edge/files.ts';
import { loadExtra } from '../../src/load/expression/extra.ts';
import { type ReadInventory, readInventory } from '../../src/load/inventory/inventory.ts';
import { ansibleList } from '../../src/load/inventory/inventory-listing.ts';
import { selectHosts, withHostFiles } from '../../src/load/inventory/patterns.ts';
import { hostName } from '../../src/model/ids.ts';
import type { Json } from '../../src/text/json.ts';
import { spanOf } from '../../src/text/span.ts';
import type { Case, Pattern } from './cases.ts';

/** A list, or codes where the answer is an error. */
export type Ours = { readonly list: Json } | { readonly codes: readonly string[] };

const isName = (source: string): boolean => source.includes(',');

export async function readCase(one: Case, folder: string): Promise<ReadInventory> {
  const sources = one.sources.map(source => (isName(source) ? source : join(folder, source)));
  const playbookFolders = one.playbookFolder === null ? [] : [join(folder, one.playbookFolder)];
  return readInventory(diskFiles(), sources, { programs: controllerPrograms(), playbookFolders });
}

export async function listOf(one: Case, read: ReadInventory): Promise<Ours> {
  const wrong = read.diagnostics.filter(each => each.severity === 'error' && each.code !== 'bad-template');
  // An inventory without hosts is refused by what needs hosts; as a list it is empty.
  const told = wrong.filter(each => each.message !== 'the inventory holds no host');
  if (told.length > 0) return { codes: [...new Set(told.map(each => each.code))] };
  const { extra } = await loadExtra(diskFiles(), one.extra);
  return { list: ansibleList(read, extra) };
}

export async function selectedBy(read: ReadInventory, { pattern, limit }: Pattern, folder: string): Promise<Json> {
  const groups = Object.fromEntries([...read.whole.groups].map(([name, hosts]) => [name, hosts.map(hostName)]));
  const hosts = read.whole.hosts.map(host => ({ ...host, name: hostName(host.name) }));
  const select = async (text: string): Promise<readonly string[] | string> => {
    const files = diskFiles();
    const whole = await withHostFiles(files, text.replaceAll('@', `@${folder}/`), spanOf('pattern'));
    if (typeof whole !== 'string') return whole.code;
    const found = selectHosts({ groups, hosts }, whole, spanOf('pattern'));
    return found.diagnostics[0]?.code ?? found.hosts;
  };
  const named = await select(pattern);
  if (limit === null || typeof named === 'string') return named;
  const limited = await select(limit);
  if (typeof limited === 'string') return limited;
  const left = named.filter(host => limited.includes(host));
  return left.length > 0 ? left : 'empty-selection';
}
