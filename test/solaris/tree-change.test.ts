// What is said of folders that are to be put back: each with its word, and nothing where a word is missing.
import { expect } from 'chai';
import { lookInside } from '../../src/solaris/tree-change.ts';

describe('what is in the folders that a copy made', () => {
  const told = (out: string) =>
    lookInside('0f1e', ['/etc/a', '/etc/b', '/etc/c']).read({ is: 'exited', code: 0, out, err: '' });

  it('is told of each, and apart from it what a copy that broke off has left there', () => {
    const inside = told('folders gone empty-left full\n');
    expect(inside.is === 'ok' && inside.value).to.deep.equal([
      { is: 'gone', isLittered: false },
      { is: 'empty', isLittered: true },
      { is: 'full', isLittered: false },
    ]);
  });

  it('is unreadable where a folder has no word, or one that nobody knows', () => {
    for (const out of ['folders gone empty\n', 'folders gone empty odd\n', ''])
      expect(told(out).is).to.equal('unreadable');
  });
});
