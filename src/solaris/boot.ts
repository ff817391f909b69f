// Rebooting a host, and the proof that it happened. When it counts as up is for the caller: the milestones and
// services are asked with smf.
import { type Command, type Finished, ok, type Reading, unreadable } from '../model/command.ts';
import { oneNumber } from './kstat.ts';
import { change, count, done, linesOf, look, succeeded } from './reading.ts';

export const BOOT_TIME = 'unix:0:system_misc:boot_time';

/**
 * Stops services in order, then reboots. Not put in the background, so that a host that refuses is heard; without a
 * terminal no hang-up reaches it. It answers, or the connection goes first: both are its normal course, and neither
 * proves a boot.
 */
export function reboot(): Command<string> {
  return change(['/usr/sbin/shutdown', '-y', '-g', '0', '-i', '6'], done);
}

/** Epoch seconds by the host's clock. May shift by a second or two when the clock is set. */
export function bootTime(): Command<number> {
  return look(['/usr/bin/kstat', '-p', BOOT_TIME], ended => oneNumber(BOOT_TIME, ended));
}

/** The host's clock, epoch seconds. */
export function clock(): Command<number> {
  return look(['/usr/bin/date', '+%s'], readClock);
}

export function readClock(ended: Finished): Reading<number> {
  const end = succeeded(ended);
  if (end.is !== 'ok') return end;
  const [line = '', ...more] = linesOf(ended.out);
  const seconds = count(line.trim());
  return seconds === null || more.length > 0 ? unreadable(line, 'not a number of seconds') : ok(seconds);
}

const CLOCK_SLACK_SECONDS = 5;

/** Really another boot: later by more than a set clock could explain, and after the order was given. */
export function isNewBoot(before: number, now: number, orderedAt: number): boolean {
  return now - before > CLOCK_SLACK_SECONDS && now >= orderedAt;
}
