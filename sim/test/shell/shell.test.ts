// The shell against a table of scripts, in each dialect; and the law that nothing is left behind.
import { expect } from 'chai';
import { labHost, say } from '../os/lab-host.ts';
import { DIFFERENT, EVERYWHERE } from './scripts.ts';

const SHELLS = { ksh93: '/bin/sh', bash: '/usr/bin/bash', plain: '/usr/bin/dash' } as const;

for (const [dialect, shell] of Object.entries(SHELLS)) {
  describe(`shell, ${dialect}`, () => {
    for (const { claim, script, out, status, input } of EVERYWHERE) {
      it(claim, async () => {
        const host = labHost({ shell });
        const said = await say(host, script, input ?? '');
        expect(said.out).to.equal(out);
        if (status === -1) expect(said.status).to.not.equal(0);
        else expect(said.status, said.err).to.equal(status ?? 0);
        expect(host.processes(), 'no process remains').to.deep.equal([]);
        expect(host.openPipeEnds(), 'no open pipe end remains').to.equal(0);
      });
    }
  });
}

describe('shell, ksh93 against bash', () => {
  for (const { claim, script, ksh93, bash } of DIFFERENT) {
    it(claim, async () => {
      const named = async (shell: string): Promise<string> =>
        (await say(labHost({ shell }), script)).out.replace(/^(k?sh|bash):/, 'sh:');
      expect(await named(SHELLS.ksh93)).to.equal(ksh93);
      expect(await named(SHELLS.bash)).to.equal(bash);
    });
  }
});

describe('shell errors', () => {
  it('a syntax error stops the script where it stands, not before', async () => {
    const said = await say(labHost({ shell: '/bin/sh' }), 'echo a\necho b; )\necho c');
    expect(said).to.deep.equal({ out: 'a\n', err: "sh: syntax error at line 2: `)' unexpected\n", status: 3 });
  });

  it('an unfinished script says so', async () => {
    const said = await say(labHost(), 'if true; then echo x');
    expect(said.err).to.equal('bash: line 1: syntax error: unexpected end of file\n');
    expect(said.status).to.equal(2);
  });
});
