// What a long sysadm says while it runs, as a person is told it: each line once, whoever heard its beginning.
import { expect } from 'chai';
import type { Told } from '../../src/model/event.ts';
import { actionId, hostName, taskId } from '../../src/model/ids.ts';
import type { Doer } from '../../src/model/step.ts';
import { evacuate } from '../../src/solaris/sysadm-evacuate.ts';
import { relayed } from '../../src/steps/sysadm-talk.ts';

const HOST = hostName('nacaozumbi');

/** @param pieces as they come; `again`: an earlier process of the run told them. */
async function toldOf(
  pieces: readonly { readonly text: string; readonly again: boolean }[],
): Promise<readonly string[]> {
  const told: Told[] = [];
  const doer = {
    host: HOST,
    action: actionId(taskId('evacuate/1.t1'), null, { is: 'host', host: HOST }),
    now: () => 0,
    stopping: () => false,
    sleep: () => new Promise(() => undefined),
    tell: (one: Told) => Promise.resolve(void told.push(one)),
    do: (_: unknown, options: NonNullable<Parameters<Doer['do']>[1]>) => {
      for (const { text, again } of pieces) options.onOutput?.('out', text, again);
      return Promise.resolve({ is: 'ok', value: '' });
    },
  } as unknown as Doer;
  await relayed(doer, evacuate({ all: false, overwrite: false }), { budgetMs: 60_000, zones: ['evac1', 'evac2'] });
  return told.flatMap(one => (one.type === 'progress' ? [`${one.zone ?? ''} ${one.text}`] : []));
}

describe('the talk of an evacuation', () => {
  const lines = [
    'sysadm: preparing 2 zone(s) for evacuation ...\n',
    'sysadm: initializing migration of evac1 to bjork ...\n',
    'sysadm: initializing migration of evac2 to bjork ...\n',
  ];

  it('is told line by line', async () => {
    const told = await toldOf([{ text: lines.join(''), again: false }]);
    expect(told).to.deep.equal([' preparing 2 zones', 'evac1 getting ready to bjork', 'evac2 getting ready to bjork']);
  });

  it('that was told before a resume is not told again, and a line that was cut then is told whole', async () => {
    const [first = '', second = '', third = ''] = lines;
    const told = await toldOf([
      { text: first + second.slice(0, 20), again: true },
      { text: second.slice(20) + third, again: false },
    ]);
    expect(told).to.deep.equal(['evac1 getting ready to bjork', 'evac2 getting ready to bjork']);
  });
});
