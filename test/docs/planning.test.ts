// docs/planning.md: the answer printed there is what zoneferry place prints, and its playbook is one.
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { ASSUMED } from '../../src/plan/figures/pace.ts';
import { here } from '../cli/stage.ts';
import { check } from './example.ts';

const page = readFileSync(resolve(dirname(fileURLToPath(import.meta.url)), '../../docs/planning.md'), 'utf8');
const block = (language: string): string => new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(page)?.[1] ?? '';

/** Each command with what stands below it. */
const examples = [...page.matchAll(/```sh\n(zoneferry place [^\n]*)\n```\n\n```text\n([^]*?)```/g)].map(
  ([, command = '', said = '']) => ({ command, said }),
);

describe('the page about planning', () => {
  for (const { command, said } of examples)
    it(`shows the answer to: ${command}`, async () => {
      const now = await here(command.split(' ').slice(1), { CI: '1' });
      expect(said).to.equal(now.out);
    });

  it('has an answer of each kind', () => {
    expect(examples.map(({ said }) => said.split(/[:,]/)[0])).to.deep.equal(['No', 'Yes', 'Yes']);
  });

  it('has a playbook without mistakes', async () => {
    const found = await check({ files: { 'site.yml': block('yaml') }, options: [] });
    expect(found.map(one => one.message)).to.deep.equal([]);
  });

  it('names the assumptions as they are', () => {
    const { linkBytesPerSecond, dirtyBytesPerSecond } = ASSUMED;
    for (const bytes of [linkBytesPerSecond, dirtyBytesPerSecond])
      expect(page).to.contain(`${bytes / 1024 ** 2} MiB a second: an assumption`);
  });
});
