import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect } from 'chai';
import { buildSync } from 'esbuild';
import { inSources } from '../../src/edge/positions.ts';
import { freshFolders } from './folder.ts';

describe('what a bug says of itself', () => {
  const fresh = freshFolders();

  /** A program of two lines, made small as ours is; the stack of the bug in its second. */
  function bug(sourcemap: boolean): { readonly bundle: string; readonly stack: string } {
    const folder = join(fresh(), 'a folder (of ours)');
    mkdirSync(join(folder, 'src'), { recursive: true });
    writeFileSync(
      join(folder, 'src/wave.ts'),
      'export function openWave(): void {\n  throw new Error("no such wave");\n}\n',
    );
    const bundle = join(folder, 'dist/main.cjs');
    buildSync({
      ...{ absWorkingDir: folder, entryPoints: ['src/wave.ts'], outfile: bundle, format: 'cjs', minify: true },
      ...(sourcemap ? { sourcemap: 'external' } : {}),
    });
    try {
      (createRequire(import.meta.url)(bundle) as { readonly openWave: () => void }).openWave();
    } catch (error) {
      return { bundle, stack: (error as Error).stack ?? '' };
    }
    throw new Error('the bug was none');
  }

  it('names files and lines of the sources', () => {
    const { bundle, stack } = bug(true);
    expect(stack.split('\n')[1]).to.contain(bundle);
    expect(inSources(stack, bundle).split('\n').slice(0, 2)).to.match(/no such wave,.*\(src\/wave\.ts:2:9\)$/);
  });

  it('leaves what is outside the program as it is', () => {
    const { bundle, stack } = bug(true);
    const outside = stack.split('\n').slice(2);
    expect(outside).to.have.length.above(1);
    expect(inSources(stack, bundle).split('\n').slice(2)).to.deep.equal(outside);
  });

  it('names the program where no map lies beside it', () => {
    const { bundle, stack } = bug(false);
    expect(inSources(stack, bundle)).to.equal(stack).and.to.contain(`${bundle}:1:`);
  });

  it('names the program where what lies there is no map, or half of one', () => {
    const { bundle, stack } = bug(true);
    const whole = readFileSync(`${bundle}.map`, 'utf8');
    for (const text of [
      '',
      'null',
      '{}',
      '{ "version": 3, "sources": [], "mappings": 7 }',
      whole.slice(0, whole.length / 2),
    ]) {
      writeFileSync(`${bundle}.map`, text);
      expect(inSources(stack, bundle), text).to.equal(stack);
    }
  });
});
