import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { cacheFolder, startCompiled } from '../../src/edge/compiled.ts';
import { freshFolders } from './folder.ts';

describe('what is kept of a compiled program', () => {
  const fresh = freshFolders();

  function installed(text: string) {
    const folder = fresh();
    const path = join(folder, 'main.cjs');
    const cache = join(folder, 'home/.cache/zoneferry');
    mkdirSync(join(folder, 'home'));
    writeFileSync(path, text);
    return { path, cache, kept: () => (existsSync(cache) ? readdirSync(cache).sort() : []) };
  }

  /** A text of its own for each test: V8 itself remembers what this process has compiled. */
  const says = (word: string): string =>
    `const add = n => n + 1; exports.sum = () => ${JSON.stringify(word)} + add(1);`;
  const sumOf = ({ exports }: ReturnType<typeof startCompiled>): unknown => (exports['sum'] as () => unknown)();

  it('is where the next start begins, which does the same', () => {
    const { path, cache } = installed(says('same'));
    const first = startCompiled(path, 'check', cache);
    expect(sumOf(first)).to.equal('same2');
    first.keep();
    const second = startCompiled(path, 'check', cache);
    expect([first.wasKept, second.wasKept]).to.deep.equal([false, true]);
    expect(sumOf(second)).to.equal('same2');
  });

  it("is its owner's alone", () => {
    const { path, cache, kept } = installed(says('own'));
    startCompiled(path, 'check', cache).keep();
    expect(statSync(cache).mode & 0o777).to.equal(0o700);
    for (const name of kept()) expect(statSync(join(cache, name)).mode & 0o777).to.equal(0o600);
  });

  it('counts for nothing in a folder that others can write to, nor is anything put there', () => {
    const { path, cache, kept } = installed(says('others'));
    startCompiled(path, 'check', cache).keep();
    chmodSync(cache, 0o777);
    expect(startCompiled(path, 'check', cache).wasKept).to.equal(false);
    startCompiled(path, 'run', cache).keep();
    expect(kept().map(name => name.split('-')[0])).to.deep.equal(['check']);
  });

  it('counts for nothing in a file that others can write to', () => {
    const { path, cache, kept } = installed(says('file'));
    startCompiled(path, 'check', cache).keep();
    for (const name of kept()) chmodSync(join(cache, name), 0o622);
    expect(startCompiled(path, 'check', cache).wasKept).to.equal(false);
  });

  it('counts for nothing when one bit of it has turned', () => {
    const { path, cache, kept } = installed(says('bit'));
    startCompiled(path, 'check', cache).keep();
    const file = join(cache, kept()[0] ?? '');
    const whole = readFileSync(file);
    for (const at of [0, 32, 100, whole.length - 1]) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      writeFileSync(file, damaged);
      expect(startCompiled(path, 'check', cache).wasKept, `byte ${at}`).to.equal(false);
    }
    writeFileSync(file, whole.subarray(0, 20));
    expect(startCompiled(path, 'check', cache).wasKept, 'torn').to.equal(false);
  });

  it('is of no use to a program of the same length that says something else, and makes room for its own', () => {
    const { path, cache, kept } = installed(says('old'));
    startCompiled(path, 'check', cache).keep();
    const [before] = kept();
    writeFileSync(path, says('new'));
    const now = startCompiled(path, 'check', cache);
    expect([now.wasKept, sumOf(now)]).to.deep.equal([false, 'new2']);
    now.keep();
    expect(kept()).to.have.length(1);
    expect(kept()).not.to.include(before);
  });

  it("is each command's own, and none's that is a path", () => {
    const { path, cache, kept } = installed(says('words'));
    for (const word of ['check', 'run', '--help', '', '../check', 'a/b']) startCompiled(path, word, cache).keep();
    expect(kept().map(name => name.split('-')[0])).to.deep.equal(['check', 'help', 'run']);
  });

  it('is missed by nobody where nothing can be kept', () => {
    const { path } = installed(says('nowhere'));
    for (const cache of [null, join(path, 'no-folder'), '/proc/zoneferry', '/proc/none/zoneferry']) {
      const started = startCompiled(path, 'check', cache);
      started.keep();
      expect(sumOf(started)).to.equal('nowhere2');
    }
  });

  it('lies where XDG has it, unless that is relative or nothing is to be kept', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: '/var/cache/ops' })).to.equal('/var/cache/ops/zoneferry');
    expect(cacheFolder({ XDG_CACHE_HOME: 'cache' })).to.match(/\/\.cache\/zoneferry$/);
    expect(cacheFolder({})).to.match(/\/\.cache\/zoneferry$/);
    expect(cacheFolder({ NODE_DISABLE_COMPILE_CACHE: '1' })).to.equal(null);
  });
});
