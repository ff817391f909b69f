// `--exact` where the package of its solver was left out of the installation.
import { expect } from 'chai';
import { EXIT } from '../../src/cli/exit.ts';
import { solverFor } from '../../src/cli/solver.ts';
import type { Speech } from '../../src/cli/speech.ts';
import { installedSolver } from '../../src/edge/highs.ts';

const missing = (): Promise<unknown> => import(`no-such-${'package'}`);

function heard(): { readonly speech: Speech; readonly said: string[] } {
  const said: string[] = [];
  const speech = { err: (text: string) => void said.push(text), out: () => {}, colour: false } as unknown as Speech;
  return { speech, said };
}

describe('--exact without its solver', () => {
  it('says which package is missing and how it comes, as a mistake on the command line', async () => {
    const { speech, said } = heard();
    const solver = await solverFor(speech, true, () => installedSolver(missing));
    expect(solver).to.deep.equal({ is: 'no', exit: EXIT.wrong });
    expect(said.join('')).to.contain('npm install highs');
  });

  it('is no trouble where nobody asks for it', async () => {
    const { speech, said } = heard();
    expect(await solverFor(speech, false, () => installedSolver(missing))).to.deep.equal({ is: 'ready' });
    expect(said).to.deep.equal([]);
  });
});
