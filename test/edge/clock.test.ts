import { expect } from 'chai';
import { localDate } from '../../src/edge/clock.ts';
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
});
