// A copy of a folder: what it becomes in the program. That it works and goes back stands in test/laws/ordinary.ts.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { diskFiles } from '../../src/edge/files.ts';
import { contentsOf } from '../../src/load/task/copied-folder.ts';
import type { Entry } from '../../src/model/program.ts';
import type { Value } from '../../src/model/value.ts';
import { catalogue } from '../../src/steps/catalogue.ts';
import { load } from '../load/kit.ts';

const FILES = {
  'files/conf/main.cf': 'x\n',
  'files/conf/d/one': 'x\n',
  'other/deep/er/file': 'x\n',
  'roles/web/files/site/index': 'x\n',
  'roles/web/tasks/main.yml': '- copy: { src: site/, dest: /var/www }\n',
};
const book = (tasks: string, more = ''): string =>
  `- hosts: all\n${more}  tasks:\n${tasks.replaceAll(/^(?=.)/gm, '    ')}`;

/** What a task copies: from where, to where, and what is in it. */
function work(entry: Entry | undefined): readonly unknown[] {
  if (entry?.is !== 'task') return [];
  const { src, dest, tree } = entry.args;
  const text = (value: Value | undefined) =>
    value?.is === 'known' ? value.json : value?.is === 'expression' && value.source;
  return [text(src), text(dest), tree === undefined ? null : text(tree)];
}

async function read(text: string, files: Readonly<Record<string, string>> = FILES) {
  const { program, diagnostics } = await load({ 'site.yml': text, ...files }, { catalogue });
  const entries = program?.plays[0]?.sections.flatMap(section => section.entries) ?? [];
  return { entries, told: diagnostics.map(one => `${one.code}@${one.span.line}:${one.span.column}: ${one.message}`) };
}

describe('a copy of a folder', () => {
  it('names its folders, outermost first, and each of its files', async () => {
    const { entries, told } = await read(book('- copy: { src: conf, dest: /etc/app, mode: "0640" }\n'));
    expect(told).to.deep.equal([]);
    const tree = { folders: ['/d'], files: ['/d/one', '/main.cf'] };
    expect(work(entries[0])).to.deep.equal(['files/conf', '/etc/app', tree]);
  });

  it('with a / at the end only what is in it; the destination may rest on variables', async () => {
    const { entries } = await read(book('- copy: { src: other/, dest: "/opt/{{host.name}}/" }\n'));
    const tree = { folders: ['/deep', '/deep/er'], files: ['/deep/er/file'] };
    expect(work(entries[0])).to.deep.equal(['other/', '/opt/{{host.name}}/', tree]);
  });

  it("may lie in the role's own files", async () => {
    const { entries } = await read('- hosts: all\n  roles: [web]\n');
    const [block] = entries;
    expect(work(block?.is === 'block' ? block.body[0] : undefined)).to.deep.equal([
      ...['roles/web/files/site/', '/var/www', { folders: [], files: ['/index'] }],
    ]);
  });

  it('is one task: it may stand in a loop and be a handler, and registers what was written', async () => {
    const tasks = `- { copy: { src: conf, dest: "/{{item}}", directory_mode: '0711' }, loop: [a, b], notify: h }
- { copy: { src: conf, dest: /x }, register: r }
- debug: "{{length r.files}}"
`;
    const handlers = '  handlers: [{ name: h, copy: { src: conf, dest: /x } }]\n';
    const { entries, told } = await read(book(tasks, handlers));
    expect(told).to.deep.equal([]);
    expect(entries.map(one => one.is)).to.deep.equal(['task', 'task', 'task']);
  });

  it('a file is no folder, and what is on the host is for the host', async () => {
    const tasks = '- copy: { src: conf/main.cf, dest: /x }\n- copy: { src: /files/conf, dest: /x, remote_src: yes }\n';
    const { entries } = await read(book(tasks));
    expect(entries.map(entry => work(entry)[2])).to.deep.equal([null, null]);
  });

  it('that is not there or too much, and a mode for folders where none is copied, are told before the run', async () => {
    const many = Object.fromEntries(Array.from({ length: 1001 }, (_, n) => [`many/${n}`, 'x']));
    const told = async (text: string) => (await read(text, { ...FILES, ...many })).told;
    expect(await told(book('- copy: { src: gone/, dest: /x }\n'))).to.deep.equal([
      'file-missing@3:20: no folder gone beside the playbook or in its folder "files"',
    ]);
    expect(await told(book('- copy: { src: conf/main.cf, dest: /x, directory_mode: "0700" }\n'))).to.deep.equal([
      'bad-argument@3:60: directory_mode goes with a folder as src',
    ]);
    expect(await told(book('- copy: { src: many, dest: /x }\n'))).to.deep.equal([
      'bad-argument@3:20: this folder holds more than 1000 files',
    ]);
  });

  it('follows its links, and tells one that leads nowhere or back into it', async () => {
    const root = mkdtempSync(join(tmpdir(), 'zf-links-'));
    mkdirSync(join(root, 'conf/d'), { recursive: true });
    writeFileSync(join(root, 'conf/one'), 'x');
    symlinkSync('one', join(root, 'conf/to-file'));
    symlinkSync('d', join(root, 'conf/to-folder'));
    const inside = () => contentsOf(diskFiles(), `${root}/conf`);
    const found = { folders: ['/d', '/to-folder'], files: ['/one', '/to-file'], odd: null };
    expect(await inside()).to.deep.equal(found);
    symlinkSync('gone', join(root, 'conf/broken'));
    expect((await inside()).odd).to.match(/^broken in it is a symbolic link that leads nowhere/);
    rmSync(join(root, 'conf/broken'));
    symlinkSync('..', join(root, 'conf/d/up'));
    expect((await inside()).odd).to.equal('up in it is a symbolic link back to a folder it lies in');
    rmSync(root, { recursive: true });
  });
});
