// A copy of a folder: what it becomes in the program. That it works and goes back stands in test/laws/ordinary.ts.
import { expect } from 'chai';
import type { Entry } from '../../src/model/program.ts';
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

/** What a block of a copied folder does: step, where, for which names. */
function work(entry: Entry | undefined): readonly string[] {
  if (entry?.is !== 'block') return [];
  return entry.body.map(one => {
    if (one.is !== 'task') return one.is;
    const source = (name: string) => (one.args[name]?.is === 'expression' ? String(one.args[name].source) : '');
    const names = one.loop?.over.is === 'known' ? JSON.stringify(one.loop.over.json) : '';
    return `${one.step} ${source('src')} ${source('path')}${source('dest')} ${names}`.replaceAll(/ +/g, ' ');
  });
}

async function read(text: string, files: Readonly<Record<string, string>> = FILES) {
  const { program, diagnostics } = await load({ 'site.yml': text, ...files }, { catalogue });
  const entries = program?.plays[0]?.sections.flatMap(section => section.entries) ?? [];
  return { entries, told: diagnostics.map(one => `${one.code}@${one.span.line}:${one.span.column}: ${one.message}`) };
}

describe('a copy of a folder', () => {
  it('makes its folders, outermost first, and copies each of its files', async () => {
    const { entries, told } = await read(book('- copy: { src: conf, dest: /etc/app, mode: "0640" }\n'));
    expect(told).to.deep.equal([]);
    expect(work(entries[0])).to.deep.equal([
      'file /etc/app/conf{{copied_name}} ["","/d"]',
      'copy files/conf{{copied_name}} /etc/app/conf{{copied_name}} ["/d/one","/main.cf"]',
    ]);
  });

  it('with a / at the end only what is in it; the destination may rest on variables', async () => {
    const { entries } = await read(book('- copy: { src: other/, dest: "/opt/{{host.name}}/" }\n'));
    expect(work(entries[0])).to.deep.equal([
      'file /opt/{{host.name}}{{copied_name}} ["","/deep","/deep/er"]',
      'copy other{{copied_name}} /opt/{{host.name}}{{copied_name}} ["/deep/er/file"]',
    ]);
  });

  it("may lie in the role's own files", async () => {
    const { entries } = await read('- hosts: all\n  roles: [web]\n');
    const [block] = entries;
    expect(work(block?.is === 'block' ? block.body[0] : undefined)).to.deep.equal([
      'file /var/www{{copied_name}} [""]',
      'copy roles/web/files/site{{copied_name}} /var/www{{copied_name}} ["/index"]',
    ]);
  });

  it('registers what came of each file, and asks its condition once', async () => {
    const tasks = '- { copy: { src: conf, dest: /x }, register: r, when: 1 < 2 }\n- debug: "{{length r.results}}"\n';
    const { entries, told } = await read(book(tasks));
    expect(told).to.deep.equal([]);
    const [block] = entries;
    const body = block?.is === 'block' ? block.body : [];
    expect(body.map(one => one.is === 'task' && [one.register, one.when.length])).to.deep.equal([
      [null, 0],
      ['r', 0],
    ]);
    expect(block?.is === 'block' && block.when.length).to.equal(1);
  });

  it('a file is no folder, and what is on the host is for the host', async () => {
    const tasks = '- copy: { src: conf/main.cf, dest: /x }\n- copy: { src: /files/conf, dest: /x, remote_src: yes }\n';
    const { entries } = await read(book(tasks));
    expect(entries.map(one => one.is)).to.deep.equal(['task', 'task']);
  });

  it('that is not there, stands in a loop or in a handler, or is too much, is told before the run', async () => {
    const many = Object.fromEntries(Array.from({ length: 1001 }, (_, n) => [`many/${n}`, 'x']));
    const told = async (text: string) => (await read(text, { ...FILES, ...many })).told;
    expect(await told(book('- copy: { src: gone/, dest: /x }\n'))).to.deep.equal([
      'file-missing@3:20: no folder gone beside the playbook or in its folder "files"',
    ]);
    expect(await told(book('- { copy: { src: conf, dest: "/{{item}}" }, loop: [1] }\n'))).to.deep.equal([
      "bad-argument@3:22: a folder is copied in a loop of its own, and can't be in another one",
    ]);
    const handlers = '  handlers: [{ name: h, copy: { src: conf, dest: /x } }]\n';
    expect(await told(book('- { command: a, notify: h }\n', handlers))).to.deep.equal([
      'bad-argument@2:25: a handler is one task: the folder files/conf is many',
    ]);
    expect(await told(book('- copy: { src: many, dest: /x }\n'))).to.deep.equal([
      'bad-argument@3:20: this folder holds more than 1000 files',
    ]);
  });
});
