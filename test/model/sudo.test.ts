// What is made of sudo's own words when it lets no command begin.
import { expect } from 'chai';
import { denialIn, timesAsked, WRONG_PASSWORD } from '../../src/model/sudo.ts';
import { SUDO_ASKS } from '../../src/text/shell.ts';

describe('what sudo says', () => {
  it('is counted by how often it asked', () => {
    expect(['', SUDO_ASKS, `${SUDO_ASKS}Sorry, try again.\n${SUDO_ASKS}`].map(timesAsked)).to.deep.equal([0, 1, 2]);
  });

  it('is a wrong password when it asks again, or says so after it asked', () => {
    expect(denialIn(`${SUDO_ASKS}Sorry, try again.\n${SUDO_ASKS}`)).to.equal(WRONG_PASSWORD);
    expect(denialIn(`${SUDO_ASKS}\nsudo: 1 incorrect password attempt\n`)).to.equal(WRONG_PASSWORD);
  });

  it('names the ways to give a password when there was none', () => {
    expect(denialIn(`${SUDO_ASKS}\nsudo: no password was provided\n`)).to.match(/-K asks for one/);
  });

  it('is its last line otherwise, or that it said nothing', () => {
    expect(denialIn('sudo: setting up\nroot is not allowed to run zoneadm\n')).to.equal(
      'root is not allowed to run zoneadm',
    );
    expect(denialIn(`${SUDO_ASKS}\njoan is not in the sudoers file\n`)).to.equal('joan is not in the sudoers file');
    expect(denialIn(' \n')).to.equal('sudo ended without a word');
  });
});
