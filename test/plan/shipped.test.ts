// The plans of the shipped playbooks, as an operator reads them.
import { expect } from 'chai';
import type { Facts } from '../../src/model/facts.ts';
import { asJson, canonical } from '../../src/text/json.ts';
import { host, zone } from './world.ts';
import { planned, shipped } from './shipped-plan.ts';

const fleet = (): readonly Facts[] => [
  host('nacaozumbi', [zone({ name: 'evac1' }), zone({ name: 'tzone1', brand: 'solaris' })]),
  host('bjork', [zone({ name: 'web1' })]),
  host('saison'),
];

describe('the plan of the shipped playbooks', () => {
  it('rolls one host after the other, each wave planned from the world that the wave before leaves', async () => {
    const made = await planned([shipped('rolling-upgrade')], fleet());
    if (made.is !== 'plan') throw new Error(canonical(asJson(made)));
    const waves = made.plan.waves.map(
      ({ plan }) => `${plan.hosts.join()}: ${plan.migrations.map(one => `${one.zone}->${one.to}`).join()}`,
    );
    expect(waves).to.deep.equal(['nacaozumbi: evac1->saison', 'bjork: web1->saison', 'saison: ']);
  });

  it('says of a running native zone that it stays, and what becomes of it', async () => {
    const made = await planned([shipped('rolling-upgrade')], fleet());
    if (made.is !== 'plan') throw new Error(canonical(asJson(made)));
    const stays = made.plan.waves.flatMap(({ plan }) => plan.staying.map(one => `${one.zone}: ${one.why}`));
    expect(stays).to.deep.equal([
      "tzone1: a running solaris zone can't move live: it goes down with the host and is started again",
    ]);
  });

  it('refuses five imported plays: every host would be closed before the first is opened again', async () => {
    const five = ['update', 'evacuate', 'reboot', 'return']
      .map(name => `- import_playbook: ${shipped(name)}\n`)
      .join('');
    const made = await planned(['/five.yml'], fleet(), { '/five.yml': five });
    expect(made.is).to.equal('too-many-out');
    if (made.is !== 'too-many-out') return;
    expect(made.message).to.match(/hosts would be closed or down at once/);
    expect(made.help[0]).to.contain('import the task files into one play');
  });

  it('evacuate.yml alone may close all its hosts, and says so', async () => {
    const made = await planned([shipped('maintain')], fleet());
    if (made.is !== 'plan') throw new Error(canonical(asJson(made)));
    expect(made.plan.notes).to.deep.equal(['3 hosts stay closed at the end: nacaozumbi, bjork, saison']);
  });

  it('is the same, byte for byte, for the same input', async () => {
    const twice = await Promise.all([1, 2].map(() => planned([shipped('rolling-upgrade')], fleet())));
    expect(canonical(asJson(twice[0]))).to.equal(canonical(asJson(twice[1])));
  });
});
