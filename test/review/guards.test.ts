// What says that there is nothing to do must have been looked at: a look that couldn't be made is no answer.
import { expect } from 'chai';
import { BOTH_ENDS, type FarEnd } from '../steps/far-end.ts';

for (const [where, make] of BOTH_ENDS) {
  describe(`a guard that can't be asked, on ${where}`, () => {
    let end: FarEnd;
    beforeEach(() => {
      end = make();
    });
    afterEach(() => end.close());
    const refusing = (args: Parameters<FarEnd['perform']>[1]) => {
      end.instead(line => (line.includes('/marks/') ? refused : null));
      return end.perform('command', { argv: ['/usr/bin/true'], ...args });
    };
    const refused = { is: 'exited', code: 1, out: '', err: 'sudo: a password is required\n' } as const;

    it('fails the task: that rights are missing is not that a path is', async () => {
      for (const guard of [{ removes: '/marks/x' }, { removes: '/marks/*' }, { creates: '/marks/x' }]) {
        const { outcome, why } = await refusing(guard);
        expect(outcome).to.equal('failed');
        expect(why).to.contain('a password is required');
      }
    });

    it('fails the task: a path seen from a folder that is not there is not known', async () => {
      const nowhere = { chdir: `${end.root}/none`, removes: 'x' };
      expect(await end.perform('command', { argv: ['/usr/bin/true'], ...nowhere })).to.include({ outcome: 'failed' });
    });
  });

  describe(`a port that can't be tried, on ${where}`, () => {
    it('is not one that has stopped answering', async () => {
      const end = make();
      end.instead(line => (line.includes('/dev/tcp') ? { is: 'exited', code: 127, out: '', err: 'no bash\n' } : null));
      const wait = { port: 1, state: 'stopped', timeout: '10s', sleep: '2s' };
      const { outcome, why } = await end.perform('wait_for', wait);
      end.close();
      expect(outcome).to.equal('failed');
      expect(why).to.contain('no bash');
    });
  });
}
