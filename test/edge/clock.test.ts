import { expect } from 'chai';
import { localDate, orLate, systemClock } from '../../src/edge/clock.ts';
import { dateText } from '../../src/text/moment.ts';

describe("this machine's clock", () => {
  const before = process.env['TZ'];

  afterEach(() => {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  });

  // Both sides of midnight, of a change of the clocks, of a leap day; zones with half and quarter hours.
  const MOMENTS = ['2026-11-21T01:46:09Z', '2026-03-29T00:59:59Z', '2026-03-29T01:00:00Z', '2028-02-29T18:30:00Z'];
  const ZONES = ['UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Kiritimati'];

  it('tells a date as the tables of time zones do', () => {
    for (const zone of ZONES) {
      process.env['TZ'] = zone;
      for (const moment of MOMENTS) {
        const ms = Date.parse(moment);
        expect(localDate(ms), `${moment} in ${zone}`).to.equal(dateText(ms, zone));
      }
    }
  });

  it('rings when it is time, and not what was turned off or is due in a month', async () => {
    const clock = systemClock();
    const rung: string[] = [];
    const turnOff = clock.alarm(1, () => rung.push('turned off'));
    const notYet = clock.alarm(2 ** 31, () => rung.push('in a month'));
    const begun = clock.monotonicMs();
    await new Promise<void>(resolve => {
      clock.alarm(20, resolve);
      turnOff();
    });
    notYet();
    expect(clock.monotonicMs() - begun).to.be.at.least(20);
    expect(rung).to.deep.equal([]);
  });

  it('gives the answer that comes in time, its error as well, and says late where none does', async () => {
    const clock = systemClock();
    const never = new Promise<string>(() => undefined);
    const broken = Promise.reject(new Error('broken'));
    expect(await orLate(Promise.resolve('in time'), clock, 60_000)).to.equal('in time');
    expect(await orLate(broken, clock, 60_000).catch((error: Error) => error.message)).to.equal('broken');
    expect(await orLate(never, clock, 1)).to.equal('late');
  });
});
