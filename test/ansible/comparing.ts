// Ansible's answer beside ours, made into a record, and a record held against what we answer now.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Json } from '../../src/text/json.ts';
import type { Answer } from './asking.ts';
import { type Case, digestOf, layOut, type Pattern } from './cases.ts';
import { listOf, readCase, selectedBy } from './ours.ts';
import type { Hosts, Recorded } from './recorded.ts';

/** Does it with the files of a case in a folder of their own. */
export async function laidOut<T>(one: Case, act: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'zf-ansible-'));
  try {
    layOut(one, folder);
    return await act(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const textOf = ({ pattern, limit }: Pattern): string => (limit === null ? pattern : `${pattern} -l ${limit}`);

export async function recordOf(one: Case, answer: Answer, folder: string): Promise<Recorded> {
  const read = await readCase(one, folder);
  const ours = one.differs === null ? {} : { ours: await listOf(one, read) };
  const pairs: (readonly [string, Hosts])[] = [];
  for (const [index, pattern] of one.patterns.entries()) {
    const said = answer.patterns?.[index] ?? { error: '' };
    const hosts = 'error' in said ? [] : said;
    const ansible: Json = 'error' in said ? said.error : hosts;
    const own = pattern.differs === null ? null : await selectedBy(read, pattern, folder);
    pairs.push([textOf(pattern), own === null ? hosts : { ansible, ours: own }]);
  }
  const patterns = pairs.length === 0 ? {} : { patterns: Object.fromEntries(pairs) };
  return { input: digestOf(one), list: answer.list ?? null, ...ours, ...patterns };
}

/** Ansible walks groups below the second level in an order that changes from run to run: there the set must do. */
const isOrdered = (one: Case): boolean => one.name.endsWith(': flat');

export async function expectAsRecorded(one: Case, recorded: Recorded, folder: string): Promise<void> {
  expect(digestOf(one), 'the case as it was recorded').to.equal(recorded.input);
  const read = await readCase(one, folder);
  const ours = await listOf(one, read);
  if (recorded.ours === undefined) expect(ours).to.deep.equal({ list: recorded.list });
  else {
    expect(ours).to.deep.equal(recorded.ours);
    expect(ours, 'a difference').to.not.deep.equal({ list: recorded.list });
  }
}

export async function expectSelected(one: Case, pattern: Pattern, hosts: Hosts, folder: string): Promise<void> {
  const ours = await selectedBy(await readCase(one, folder), pattern, folder);
  if ('ours' in hosts) {
    expect(ours).to.deep.equal(hosts.ours);
    expect(ours, 'a difference').to.not.deep.equal(hosts.ansible);
  } else if (isOrdered(one)) expect(ours).to.deep.equal(hosts);
  else expect(ours).to.have.members([...hosts]);
}

/** Has Ansible changed its mind? Its words for an error may. */
export function expectSameAnswer(recorded: Recorded, now: Recorded): void {
  expect(now.list).to.deep.equal(recorded.list);
  for (const [text, hosts] of Object.entries(now.patterns ?? {})) {
    const before = recorded.patterns?.[text];
    expect(sorted(hosts), text).to.deep.equal(before === undefined ? undefined : sorted(before));
  }
}

function sorted(hosts: Hosts): Json {
  const said = 'ours' in hosts ? hosts.ansible : hosts;
  return Array.isArray(said) ? said.toSorted() : 'an error';
}
