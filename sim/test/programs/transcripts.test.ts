// The simulated hosts print every transcript byte for byte, holes aside. Each sample has a world here in which its
// command says just that; a sample without one fails the last test.
import { expect } from 'chai';
import { seedHosts } from './hosts.ts';
import type { Said } from './hosts.ts';
import { difference, transcripts } from './transcript.ts';
import type { Extent, Transcript } from './transcript.ts';
import { worlds } from './transcript-worlds.ts';

const all = transcripts();
const story = all
  .filter(t => t.header.has('story'))
  .sort((a, b) => (a.header.get('story') ?? '').localeCompare(b.header.get('story') ?? ''));
const single = all.filter(t => !t.header.has('story'));

async function played(): Promise<ReadonlyMap<string, Said>> {
  const hosts = seedHosts();
  const said = new Map<string, Said>();
  for (const step of story) {
    const host = step.header.get('host') ?? '';
    const command = step.header.get('command') ?? '';
    if (step.name === 'sysadm/evacuate-l-running') continue;
    if (step.name === 'sysadm/maintain-e') await reboot(hosts);
    const running = hosts.run(host, command, host === 'bjork' && command.includes('list') ? 'jpechane' : 'root');
    if (step.name === 'sysadm/evacuate-va') {
      await hosts.clock.sleep(3_000);
      said.set('sysadm/evacuate-l-running', await hosts.run(host, 'sysadm evacuate -l'));
    }
    said.set(step.name, await running);
  }
  expect(hosts.problems).to.deep.equal([]);
  return said;
}

async function reboot(hosts: ReturnType<typeof seedHosts>): Promise<void> {
  await hosts.run('nacaozumbi', 'pkg update --be-name=new81 -C0 entire@11.4-11.4.81.0.1.193.2');
  await hosts.run('nacaozumbi', 'reboot');
  await hosts.clock.sleep(300_000);
}

function same(transcript: Transcript, said: Said | undefined, extent: Extent): void {
  const wrong = said === undefined ? 'nothing was run' : difference(transcript, said, extent);
  if (wrong !== null) expect.fail(`${transcript.name}: ${wrong}`);
}

describe('the simulated hosts print what real ones printed', () => {
  let said: ReadonlyMap<string, Said>;
  before(async () => {
    said = await played();
  });

  for (const transcript of story) {
    it(`story ${transcript.header.get('story')}: ${transcript.header.get('title')}`, () => {
      same(transcript, said.get(transcript.name), 'whole');
    });
  }

  for (const transcript of single) {
    it(`${transcript.name}: ${transcript.header.get('title')}`, async () => {
      const world = worlds.get(transcript.name);
      if (world === undefined) expect.fail(`no world is set up for ${transcript.name}`);
      same(transcript, await world.play(transcript.header.get('command') ?? ''), world.extent);
    });
  }

  it('no world is left over', () => {
    expect([...worlds.keys()].filter(name => !single.some(t => t.name === name))).to.deep.equal([]);
  });
});
