// What hundreds of hosts say in one instant is heard in more than one turn of the loop: all of it, and in order.
import { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { systemClock } from '../../src/edge/clock.ts';
import { Turns } from '../../src/edge/ssh/turns.ts';

function hearing(turns: Turns) {
  const heard: string[] = [];
  const host = (name: string): Socket => {
    const socket = new Socket();
    turns.share(socket);
    return socket
      .on('data', (chunk: Buffer) => void heard.push(`${name}: ${chunk.toString()}`))
      .on('end', () => void heard.push(`${name} hangs up`))
      .on('error', error => void heard.push(`${name}: ${error.message}`));
  };
  return { heard, host };
}

const bytes = (text: string): Buffer => Buffer.from(text);

async function turnsPass(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await setImmediate();
}

describe('turns of the loop', () => {
  it('hear at once what comes while there is time', async () => {
    const { heard, host } = hearing(new Turns(systemClock(), 60_000));
    const [bjork, nacaozumbi] = [host('bjork'), host('nacaozumbi')];
    await setImmediate();
    bjork.push(bytes('one'));
    nacaozumbi.push(bytes('two'));
    expect(heard).to.deep.equal(['bjork: one', 'nacaozumbi: two']);
  });

  it('share what is too much for one, and leave nothing out of order', async () => {
    const { heard, host } = hearing(new Turns(systemClock(), 0));
    const [bjork, nacaozumbi] = [host('bjork'), host('nacaozumbi')];
    bjork.push(bytes('one'));
    nacaozumbi.push(bytes('two'));
    bjork.push(bytes('three'));
    bjork.push(null);
    await setImmediate();
    expect(heard.length).to.be.lessThan(3);
    nacaozumbi.push(bytes('four'));
    await turnsPass(8);
    expect(heard.filter(one => one.startsWith('bjork'))).to.deep.equal([
      'bjork: one',
      'bjork: three',
      'bjork hangs up',
    ]);
    expect(heard.filter(one => one.startsWith('nac'))).to.deep.equal(['nacaozumbi: two', 'nacaozumbi: four']);
  });

  it('hear what was said before the line broke', async () => {
    const { heard, host } = hearing(new Turns(systemClock(), 0));
    const bjork = host('bjork');
    bjork.push(bytes('one'));
    bjork.push(bytes('two'));
    bjork.destroy(new Error('read ECONNRESET'));
    await turnsPass(6);
    expect(heard).to.deep.equal(['bjork: one', 'bjork: two', 'bjork: read ECONNRESET']);
  });

  it('hear nothing more of a line that was cut here, and all of the others', async () => {
    const { heard, host } = hearing(new Turns(systemClock(), 0));
    const [bjork, nacaozumbi] = [host('bjork'), host('nacaozumbi')];
    nacaozumbi.push(bytes('one'));
    bjork.push(bytes('two'));
    nacaozumbi.push(bytes('three'));
    bjork.destroy();
    await turnsPass(6);
    expect(bjork.destroyed).to.equal(true);
    expect(heard).to.deep.equal(['nacaozumbi: one', 'nacaozumbi: three']);
  });
});
