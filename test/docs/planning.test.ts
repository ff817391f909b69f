// docs/planning.md: the answer printed there is what zoneferry place prints, and its playbook is one.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { writeFacts } from '../../src/model/facts-file.ts';
import { ASSUMED } from '../../src/plan/pace.ts';
import { here } from '../cli/stage.ts';
import { host, zone } from '../plan/world.ts';
import { check } from './example.ts';

const page = readFileSync(resolve(dirname(fileURLToPath(import.meta.url)), '../../docs/planning.md'), 'utf8');
const block = (language: string): string => new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(page)?.[1] ?? '';

const fleet = [
  host('nacaozumbi', [
    zone({ name: 'evac1', gib: 8 }),
    zone({ name: 'evac2', gib: 16 }),
    zone({ name: 'tzone1', brand: 'solaris' }),
  ]),
  host('bjork', [zone({ name: 'web1', gib: 24 })]),
  host('saison', [zone({ name: 'web2', gib: 16 })]),
];

describe('the page about planning', () => {
  it('shows the answer that zoneferry place gives', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'zf-docs-'));
    writeFileSync(join(dir, 'fleet.json'), writeFacts(fleet));
    const said = await here(['place', '--facts', join(dir, 'fleet.json'), '--out', 'nacaozumbi'], { CI: '1' });
    rmSync(dir, { recursive: true, force: true });
    expect(block('text')).to.equal(said.out);
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
