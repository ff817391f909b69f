// Which inventory is read, and with which rights its hosts are worked on.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { here } from './stage.ts';

interface Inventory {
  readonly zonehosts: { readonly hosts: readonly string[] };
  readonly _meta: { readonly hostvars: Readonly<Record<string, { readonly word?: string }>> };
}

const ONE = 'zonehosts: { hosts: { nacaozumbi: {}, bjork: { word: one } } }\n';
const TWO =
  'zonehosts: { hosts: { bjork: { word: two }, gudmunds: { ansible_become: true, ansible_become_method: sudo } } }\n';

describe('which hosts, and with which rights', () => {
  const before = process.cwd();
  let dir: string;
  beforeEach(() => {
    dir = realpathSync(mkdtempSync(join(tmpdir(), 'zf-selecting-')));
    process.chdir(dir);
    mkdirSync('inventory');
    writeFileSync('one.yml', ONE);
    writeFileSync('two.yml', TWO);
  });
  afterEach(() => {
    process.chdir(before);
    rmSync(dir, { recursive: true });
  });

  const wordsOf = async (...words: readonly string[]): Promise<Readonly<Record<string, string>>> => {
    const said = await here(['inventory', '--list', '--format', 'ansible', ...words], {});
    expect(said.code, said.err).to.equal(0);
    const { zonehosts, _meta } = JSON.parse(said.out) as Inventory;
    return Object.fromEntries(zonehosts.hosts.map(host => [host, _meta.hostvars[host]?.word ?? '']));
  };

  it('without -i it is the folder inventory/, all its files together', async () => {
    writeFileSync('inventory/1.yml', ONE);
    writeFileSync('inventory/2.yml', TWO);
    expect(await wordsOf()).to.deep.equal({ nacaozumbi: '', bjork: 'two', gudmunds: '' });
  });

  it('-i is a file or a folder, and of several the later one has the last word', async () => {
    writeFileSync('inventory/1.yml', ONE);
    expect(await wordsOf('-i', 'two.yml')).to.deep.equal({ bjork: 'two', gudmunds: '' });
    expect(await wordsOf('-i', 'inventory')).to.deep.equal({ nacaozumbi: '', bjork: 'one' });
    expect(await wordsOf('-i', 'one.yml', '-i', 'two.yml')).to.deep.equal({
      nacaozumbi: '',
      bjork: 'two',
      gudmunds: '',
    });
    expect(await wordsOf('-i', 'two.yml', '-i', 'inventory')).to.deep.equal({
      nacaozumbi: '',
      bjork: 'one',
      gudmunds: '',
    });
  });

  it('an inventory that isn’t there is told with what to give instead', async () => {
    rmSync('inventory', { recursive: true });
    const said = await here(['inventory'], {});
    expect(said.code).to.equal(2);
    expect(said.err).to.contain('inventory/').and.contain('-i');
  });

  it('-b asks for pfexec where the inventory says nothing, and leaves alone what it says', async () => {
    const one =
      'zonehosts: { hosts: { nacaozumbi: { user: root }, gudmunds: { user: root, become: true, become_method: sudo } } }\n';
    writeFileSync('inventory/1.yml', one);
    writeFileSync('book.yml', '- hosts: all\n  tasks:\n    - debug: x\n');
    const methods = async (...words: readonly string[]): Promise<readonly string[]> => {
      const said = await here(['plan', 'book.yml', '--json', ...words], {});
      expect(said.code, said.err).to.equal(0);
      const { hosts } = JSON.parse(said.out) as {
        readonly hosts: Readonly<
          Record<string, { readonly connection: { readonly become: { readonly method: string } } }>
        >;
      };
      return ['nacaozumbi', 'gudmunds'].map(host => hosts[host]?.connection.become.method ?? 'no such host');
    };
    expect(await methods()).to.deep.equal(['none', 'sudo']);
    expect(await methods('-b')).to.deep.equal(['pfexec', 'sudo']);
  });
});
