// What a user is told whom a program of Solaris refuses.
import { expect } from 'chai';
import { lackingRights } from '../../src/model/rights.ts';

const SAID: readonly (readonly [readonly string[], string, string])[] = [
  [['/usr/sbin/sysadm', 'maintain', '-s'], 'sysadm: insufficient privileges', 'Maintenance and Repair'],
  [
    ['/usr/sbin/zoneadm', '-z', 'evac1', 'migrate', 'ssh://bjork'],
    'zoneadm: migrate operation requires that this user has all privileges',
    'Zone Migration',
  ],
  [['/usr/sbin/zonecfg', '-z', 'evac1', 'info'], 'zonecfg: insufficient privileges', 'Zone Configuration'],
  [
    ['/usr/bin/pkg', 'update'],
    'because of insufficient permissions. Please try the command again as a privileged user.',
    'Software Installation',
  ],
];

describe('a program that refuses its user', () => {
  for (const [argv, said, profile] of SAID)
    it(`is told with the profile that is lacking: ${profile}`, () => {
      const wanted = `user maint lacks profile "${profile}"; usermod -P +"${profile}" maint`;
      expect(lackingRights(argv, said, 'maint')).to.equal(wanted);
    });

  it('gives no advice to root, for other words, and for a program of which we know no profile', () => {
    const said = 'sysadm: insufficient privileges';
    expect(lackingRights(['/usr/sbin/sysadm'], said, 'root')).to.equal(null);
    expect(lackingRights(['/usr/sbin/sysadm'], 'sysadm: no such zone', 'maint')).to.equal(null);
    expect(lackingRights(['/usr/sbin/reboot'], 'reboot: insufficient privileges', 'maint')).to.equal(null);
  });
});
