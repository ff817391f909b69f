// When a window is open, by the clock of its own time zone.
import { expect } from 'chai';
import { isTimezone, objectionTo, openingAt, type Window } from '../../src/model/window.ts';

const night: Window = { from: 22 * 60, to: 5 * 60, timezone: 'Europe/Berlin', drainMs: 45 * 60_000 };
const at = (text: string): number => Date.parse(text);
const told = (opening: { opensAt: number; endsAt: number }): string =>
  [opening.opensAt, opening.endsAt].map(ms => new Date(ms).toISOString().slice(5, 16)).join(' to ');

describe('the window of a play', () => {
  it('that goes over midnight is one opening, seen from its evening, its night and the day before', () => {
    const expected = '11-20T21:00 to 11-21T04:00';
    for (const moment of ['2026-11-20T12:00Z', '2026-11-20T21:00Z', '2026-11-21T01:00Z', '2026-11-21T03:59Z'])
      expect(told(openingAt(night, at(moment))), moment).to.equal(expected);
    expect(told(openingAt(night, at('2026-11-21T04:00Z')))).to.equal('11-21T21:00 to 11-22T04:00');
  });

  it('within a day ends the same day', () => {
    const noon: Window = { from: 9 * 60, to: 17 * 60, timezone: 'America/New_York', drainMs: 0 };
    expect(told(openingAt(noon, at('2026-07-01T14:00Z')))).to.equal('07-01T13:00 to 07-01T21:00');
  });

  it('is an hour longer in the night in which clocks go back', () => {
    expect(told(openingAt(night, at('2026-10-25T00:00Z')))).to.equal('10-24T20:00 to 10-25T04:00');
    expect(told(openingAt(night, at('2026-03-29T00:00Z')))).to.equal('03-28T21:00 to 03-29T03:00');
  });

  it('lets a wave begin when it is open, but not in the time before its end that is kept free', () => {
    expect(objectionTo(night, at('2026-11-20T21:00Z'))).to.equal(null);
    expect(objectionTo(night, at('2026-11-21T03:14Z'))).to.equal(null);
    expect(objectionTo(night, at('2026-11-21T03:15Z'))).to.equal(
      'the window (22:00 to 05:00 Europe/Berlin) is about to end: nothing is begun in its last 45 minutes',
    );
    expect(objectionTo(night, at('2026-11-20T20:59Z'))).to.equal(
      "the window (22:00 to 05:00 Europe/Berlin) isn't open",
    );
  });

  it('knows the names of the time zone database', () => {
    expect(isTimezone('Europe/Berlin')).to.equal(true);
    expect(isTimezone('Berlin')).to.equal(false);
  });
});
