// The changelog names what isn't here yet, and the words that stand for a person's consent.
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { KEYS } from '../../src/load/tables/keys.ts';
import { PLANNED_STEPS } from '../../src/load/tables/other-steps.ts';
import { catalogue } from '../../src/steps/catalogue.ts';

/** What an operator would look for first: how a fleet is rolled, who is told, what is compared. */
const ROLLING = ['waves', 'canary', 'window', 'gates', 'approve', 'replan', 'on_event'];

describe('the changelog', () => {
  const text = readFileSync(new URL('../../CHANGELOG.md', import.meta.url), 'utf8');
  const [, absent = ''] = text.split('\nNot here yet');

  it('has a word for each step that is not here yet, and for no key of rolling a fleet: all of them are', () => {
    const keys = KEYS.filter(({ key, on }) => ROLLING.includes(key) && on.includes('play')).map(({ key }) => key);
    expect(keys).to.have.members(ROLLING);
    for (const key of keys) expect(new RegExp(`\`${key}\\b`).test(absent), key).to.equal(false);
    for (const step of PLANNED_STEPS) {
      const family = `${step.split('.')[0] ?? ''}.…`;
      expect(absent.includes(`\`${step}\``) || absent.includes(`\`${family}\``), step).to.equal(true);
      expect(catalogue.get(step), step).to.equal(null);
    }
    expect(absent).to.contain('meta: remind').and.to.contain('maintenance window');
    expect(text).to.contain('`on_event`').and.to.contain('`notify.webhook`');
  });

  it('names the two arguments that stand for a person’s consent, with their words', () => {
    const takes = (step: string, args: object): boolean => catalogue.get(step)?.args().safeParse(args).success === true;
    for (const kernel_zones of ['refuse', 'go_down'])
      expect(takes('be.boot', { be_name: 's11.4.81', kernel_zones }), kernel_zones).to.equal(true);
    for (const windows of ['ours', 'own']) expect(takes('maintenance.end', { windows }), windows).to.equal(true);
    expect(text).to.contain('`kernel_zones: refuse | go_down`').and.to.contain('`windows: ours | own`');
  });
});
