// zoneferry place: from a facts file alone, by its exit status and what it prints.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { writeFacts } from '../../src/model/facts-file.ts';
import { host, zone } from '../plan/world.ts';
import { here } from './stage.ts';

const fleet = [
  host('nacaozumbi', [zone({ name: 'evac1', gib: 8 }), zone({ name: 'tzone1', brand: 'solaris' })]),
  host('bjork', [zone({ name: 'web1', gib: 24 })]),
  host('saison', [zone({ name: 'web2', gib: 16 })]),
];

describe('zoneferry place', () => {
  let dir = '';
  let facts = '';
  before(() => {
    dir = mkdtempSync(join(tmpdir(), 'zf-place-'));
    facts = join(dir, 'fleet.json');
    writeFileSync(facts, writeFacts(fleet));
  });
  after(() => rmSync(dir, { recursive: true, force: true }));
  const place = (...words: readonly string[]) => here(['place', '--facts', facts, ...words], { CI: '1' });

  it('says yes with exit 0, where everything goes, what stays, and how good that is', async () => {
    const said = await place('--out', 'nacaozumbi');
    expect(said.code).to.equal(0);
    expect(said.out).to.match(
      /^Yes: nacaozumbi can be taken out; 1 zone to move, 8\.7 GiB; tzone1 goes down with its host\n/,
    );
    expect(said.out).to.match(/evac1 +nacaozumbi +saison/);
    expect(said.out).to.match(/tzone1 +nacaozumbi +a running solaris zone can't move live/);
    expect(said.out).to.contain('How good it is').and.to.contain('no placement could');
  });

  it('says no with exit 5 and the reason for each zone and host', async () => {
    const said = await place('--out', 'nacaozumbi,bjork,saison');
    expect(said.code).to.equal(5);
    expect(said.out).to.match(/^No: nacaozumbi, bjork, saison can't be taken out together\n/);
    expect(said.out).to.contain('no host can take any of them: no other host is there (3 zones leave');
  });

  it('gives a program the numbers of what a host lacks beside the words', async () => {
    const bigger = join(dir, 'big.json');
    writeFileSync(bigger, writeFacts([host('a', [zone({ name: 'big', gib: 60 })]), host('b', [], { gib: 32 })]));
    const said = JSON.parse((await here(['place', '--facts', bigger, '--out', 'a', '--json'], { CI: '1' })).out);
    const [{ why, lacks }] = said.reasons;
    expect(lacks[0]).to.include({ is: 'memory', of: 'promised' });
    expect(lacks[0].needed).to.be.greaterThan(lacks[0].free);
    expect(why).to.match(/^needs [\d.]+ GiB, can give [\d.]+ GiB/);
  });

  it('asks the exact solver, too, and tells what it says', async () => {
    const said = await place('--out', 'nacaozumbi', '--exact');
    expect(said.code).to.equal(0);
    expect(said.out).to.match(/\nThe exact pass: .+\.\n/);
    expect(JSON.parse((await place('--out', 'nacaozumbi', '--exact', '--json')).out).exact).to.be.a('string');
  });

  it('says who is to be told of what moves and what goes down, as the plan of a playbook does', async () => {
    const inventory = join(dir, 'contacts.yml');
    const zones = '  evac1: { contact: shop@example.com }\n  tzone1: { contact: "Jo (4711)" }';
    writeFileSync(inventory, `all:\n  hosts: { nacaozumbi: {}, bjork: {}, saison: {} }\nzones:\n${zones}\n`);
    const words = ['--out', 'nacaozumbi', '-i', inventory];
    expect((await place(...words)).out).to.contain(
      '\nTo be told:\n  - shop@example.com: evac1 moves\n  - Jo (4711): tzone1 goes down\n',
    );
    expect(JSON.parse((await place(...words, '--json')).out).told).to.deep.include({
      ...{ contact: 'Jo (4711)', moving: [], down: ['tzone1'] },
    });
    expect((await place('--out', 'nacaozumbi')).out).to.not.contain('To be told');
  });

  it('obeys the rules of an inventory when one is named', async () => {
    const inventory = join(dir, 'inventory.yml');
    writeFileSync(
      inventory,
      'all:\n  hosts: { nacaozumbi: {}, bjork: {}, saison: {} }\nzones:\n  evac1: { allowed: [bjork] }\n',
    );
    const said = await place('--out', 'nacaozumbi', '-i', inventory);
    expect(said.out).to.match(/evac1 +nacaozumbi +bjork/);
  });

  it('prints the same as JSON', async () => {
    const said = await place('--out', 'nacaozumbi', '--json');
    expect(JSON.parse(said.out)).to.deep.include({ v: 1, answer: 'yes', hosts: ['nacaozumbi'], first: [] });
  });

  it('takes a host that the file lacks, or a file that is none, for a mistake', async () => {
    const strange = await place('--out', 'bjrok');
    expect([strange.code, strange.err]).to.deep.equal([2, `${facts} has no host "bjrok"; did you mean "bjork"?\n`]);
    const none = await here(['place', '--facts', join(dir, 'gone.json'), '--out', 'bjork'], { CI: '1' });
    expect(none.code).to.equal(2);
  });
});
