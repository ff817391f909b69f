// The line that goes to a host: with whose rights, in which language, with which variables.
import { expect } from 'chai';
import { lineOf, ok } from '../../src/model/command.ts';

describe('the line that goes to a host', () => {
  it('has rights lent only to a command that asks for them', () => {
    const look = { argv: ['/usr/bin/id'], changes: false, readBy: 'us', stdin: '', read: () => ok(null) } as const;
    const sudo = { method: 'sudo', user: 'root' } as const;
    expect(lineOf({ ...look, runAs: 'login' }, sudo)).to.equal('LC_ALL=C /usr/bin/id');
    expect(lineOf({ ...look, runAs: 'become' }, sudo)).to.match(/^LC_ALL=C \/usr\/bin\/sudo .* \/usr\/bin\/id$/);
    const env = { WAY: 'home' };
    expect(lineOf({ ...look, runAs: 'login' }, sudo, env)).to.equal('LC_ALL=C WAY=home /usr/bin/id');
  });

  it('speaks one language where we read the answer, and that of the task where its author does', () => {
    const run = { argv: ['/usr/bin/date'], changes: false, runAs: 'login', stdin: '', read: () => ok(null) } as const;
    const none = { method: 'none', user: '' } as const;
    const line = (readBy: 'us' | 'author', env: Readonly<Record<string, string>>): string =>
      lineOf({ ...run, readBy }, none, env);
    const german = { LANG: 'de', LC_MESSAGES: 'de', WAY: 'home' };
    expect(line('us', { ...german, LC_ALL: 'de' })).to.equal('LC_ALL=C WAY=home /usr/bin/date');
    expect(line('author', { LC_ALL: 'de' })).to.equal('LC_ALL=C LC_ALL=de /usr/bin/date');
    expect(line('author', german)).to.equal("LC_ALL=C LC_ALL='' LANG=de LC_MESSAGES=de WAY=home /usr/bin/date");
    expect(line('author', { WAY: 'home' })).to.equal('LC_ALL=C WAY=home /usr/bin/date');
  });
});
