// What lies at a place, as a step sees it.
import { expect } from 'chai';
import type { Looker } from '../../src/model/step.ts';
import { countIn } from '../../src/steps/place.ts';

const saying = (rc: number, stdout: string): Looker =>
  ({ ask: () => Promise.resolve({ is: 'ok', value: { rc, stdout, stderr: '' } }) }) as unknown as Looker;

describe('a directory', () => {
  it('that may not be looked into is not taken for an empty one', async () => {
    const no = await countIn(saying(2, ''), '/var/spool');
    expect(no).to.have.nested.property('refusal.is', 'refused');
    expect(no).to.have.nested.property('refusal.why', "/var/spool can't be looked into");
  });

  it('is counted by its lines', async () => {
    expect(await countIn(saying(0, 'a\n.b\n'), '/x')).to.deep.equal({ is: 'ok', value: 2 });
    expect(await countIn(saying(0, ''), '/x')).to.deep.equal({ is: 'ok', value: 0 });
  });
});
