// The shipped playbooks as they are used: each on a small fleet, with what must have gone before. A playbook that ships
// and isn't here fails a test.
import { PAIR } from './fleets.ts';
import type { Case } from './world.ts';

const ONE = { fleet: PAIR, limit: 'nacaozumbi' };

const close = { playbook: 'playbooks/maintain.yml', extra: ['state=closed', 'why="DIMM swap"'], limit: 'nacaozumbi' };
const open = { ...close, extra: ['state=open'] };
const update = { playbook: 'playbooks/update.yml' };
const evacuate = { playbook: 'playbooks/evacuate.yml', limit: 'nacaozumbi' };
const NEW = ['be=s11.4.81-w48'];

export const CASES: Readonly<Record<string, Case>> = {
  'maintain, closed': { ...ONE, ...close },
  'maintain, open': { ...ONE, ...open, before: [close] },
  update: { fleet: PAIR, ...update },
  evacuate: { ...ONE, ...evacuate },
  reboot: { ...ONE, playbook: 'playbooks/reboot.yml', before: [evacuate] },
  'reboot into NEW': { ...ONE, playbook: 'playbooks/reboot.yml', extra: NEW, before: [update, evacuate] },
  return: { ...ONE, playbook: 'playbooks/return.yml', before: [evacuate] },
  'rolling-upgrade': { ...ONE, playbook: 'playbooks/rolling-upgrade.yml' },
};

/** The whole campaign, host after host. */
export const CAMPAIGN: Case = { fleet: PAIR, playbook: 'playbooks/rolling-upgrade.yml' };
