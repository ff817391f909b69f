// Passwords in an inventory: who has which, and that they are in nothing that is made of the files.
import { expect } from 'chai';
import { ansibleList } from '../../src/load/inventory/inventory-listing.ts';
import { loadInventory } from '../../src/load/inventory/inventory.ts';
import { secretsOf } from '../../src/load/inventory/passwords.ts';
import { memoryFiles } from './kit.ts';

async function loaded(yaml: string) {
  const { inventory, diagnostics, read } = await loadInventory(memoryFiles({ 'hosts.yml': yaml }), ['hosts.yml']);
  const passwords = [...secretsOf(read)].map(([host, password]) => [host, password.reveal()]);
  return { inventory, found: diagnostics.map(one => one.message), passwords: Object.fromEntries(passwords), read };
}

describe('the passwords of an inventory', () => {
  it("are a host's own before its group's, under Ansible's names as well", async () => {
    const { passwords, found } = await loaded(`all:
  vars: { ansible_become_pass: swordfish, site: north }
  hosts:
    nacaozumbi: {}
    bjork: { become_password: "tiger-{{site}}" }`);
    expect(found).to.deep.equal([]);
    expect(passwords).to.deep.equal({ nacaozumbi: 'swordfish', bjork: 'tiger-north' });
  });

  it('are in no variable, no listing and no plan', async () => {
    const { inventory, read } = await loaded(`all:
  vars: { ansible_become_password: swordfish }
  hosts: { bjork: { become_password: tiger } }`);
    const made = JSON.stringify([inventory, ansibleList(read, {}), read.passwords.values().next().value?.password]);
    expect(made)
      .to.contain('bjork')
      .and.not.match(/swordfish|tiger|become_pass/);
  });

  it('must be a line of text, and what they are instead is not told', async () => {
    const { found } = await loaded('all: { hosts: { bjork: { become_password: "tiger\\nhorse" } } }');
    expect(found).to.deep.equal([
      "the password of bjork can't be used: it must be one line of text, known before anything is connected",
    ]);
  });

  it('are of no use to su, which asks at a terminal', async () => {
    const { found } = await loaded('all: { hosts: { bjork: { become_password: tiger, become_method: su } } }');
    expect(found).to.deep.equal(["su takes a password at a terminal only, so bjork can't be given one"]);
  });
});
