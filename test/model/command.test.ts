import { expect } from 'chai';
import { lineOf, ok } from '../../src/model/command.ts';

describe('the line that goes to a host', () => {
  it('has rights lent only to a command that asks for them', () => {
    const look = { argv: ['/usr/bin/id'], changes: false, stdin: '', read: () => ok(null) } as const;
    const sudo = { method: 'sudo', user: 'root' } as const;
    expect(lineOf({ ...look, runAs: 'login' }, sudo)).to.equal('LC_ALL=C /usr/bin/id');
    expect(lineOf({ ...look, runAs: 'become' }, sudo)).to.equal('LC_ALL=C /usr/bin/sudo -n -u root /usr/bin/id');
    const env = { WAY: 'home' };
    expect(lineOf({ ...look, runAs: 'login' }, sudo, env)).to.equal('LC_ALL=C WAY=home /usr/bin/id');
  });
});
