// The arrow table: which folder may import which. It fails on any other arrow, so that the shape of the program
// (files -> playbook -> plan -> moves -> events -> views) can't bend unseen.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

const ARROWS: Readonly<Record<string, readonly string[]>> = {
  text: [],
  model: ['text'],
  load: ['text', 'model'],
  solaris: ['text', 'model'],
  steps: ['text', 'model', 'solaris'],
  plan: ['text', 'model'],
  run: ['text', 'model'],
  report: ['text', 'model'],
  edge: ['text', 'model'],
  cli: ['text', 'model', 'load', 'solaris', 'steps', 'plan', 'run', 'report', 'edge'],
};

const EFFECTS = /^(node:)?(fs|net|tls|http|https|child_process|os|process|timers|dgram|readline)(\/|$)/;

function sources(dir: string): readonly string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap(entry => {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : sources(path);
    return path.endsWith('.ts') ? [path] : [];
  });
}

function imports(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8');
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+'([^']+)'|import\(\s*'([^']+)'\s*\)|(?:^|\n)\s*import\s+'([^']+)'/g,
  );
  return [...found].map(m => m[1] ?? m[2] ?? m[3] ?? '');
}

function folderOf(path: string): string {
  return relative(join(root, 'src'), path).split('/')[0] ?? '';
}

describe('layers', () => {
  const src = sources(join(root, 'src'));

  it('every source file lies in a folder of the arrow table', () => {
    expect(src.filter(file => !(folderOf(file) in ARROWS)).map(f => relative(root, f))).to.deep.equal([]);
  });

  it('no arrow points where the table has none', () => {
    const wrong = src.flatMap(file =>
      imports(file)
        .filter(name => name.startsWith('.'))
        .map(name => resolve(dirname(file), name))
        .filter(target => {
          const from = folderOf(file);
          const to = folderOf(target);
          return (
            relative(join(root, 'src'), target).startsWith('..') || (from !== to && !(ARROWS[from] ?? []).includes(to))
          );
        })
        .map(target => `${relative(root, file)} -> ${relative(root, target)}`),
    );
    expect(wrong).to.deep.equal([]);
  });

  it('only edge and cli touch the disk, the network or the process', () => {
    const wrong = src
      .filter(file => !['edge', 'cli'].includes(folderOf(file)))
      .flatMap(file =>
        imports(file)
          .filter(name => EFFECTS.test(name))
          .map(name => `${relative(root, file)} -> ${name}`),
      );
    expect(wrong).to.deep.equal([]);
  });

  it('src and sim share no code', () => {
    const sim = sources(join(root, 'sim'));
    const wrong = sim.flatMap(file =>
      imports(file)
        .filter(name => name.startsWith('.') && !resolve(dirname(file), name).startsWith(join(root, 'sim')))
        .map(name => `${relative(root, file)} -> ${name}`),
    );
    expect(wrong).to.deep.equal([]);
  });

  it('the simulated hosts never reach this machine', () => {
    const inner = ['os', 'shell', 'util', 'world', 'programs'];
    const wrong = sources(join(root, 'sim'))
      .filter(
        file => inner.includes(relative(join(root, 'sim'), file).split('/')[0] ?? '') && !file.endsWith('.test.ts'),
      )
      .flatMap(file =>
        imports(file)
          .filter(name => EFFECTS.test(name))
          .map(name => `${relative(root, file)} -> ${name}`),
      );
    expect(wrong).to.deep.equal([]);
  });
});
