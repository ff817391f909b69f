// Carrying out an update: another pkg at work is waited for, a cut is looked at before anything is repeated, and what
// a failed update leaves mounted is cleared away. What is true afterwards is for be.update's check to say.
import type { Refusal } from '../model/refusal.ts';
import type { Applied, Doer } from '../model/step.ts';
import * as beadm from '../solaris/beadm.ts';
import * as pkg from '../solaris/pkg.ts';
import { environmentsOf } from './be-commands.ts';
import { objection, refusedWith } from './doubt.ts';
import { ms } from './fields.ts';
import { waitFor } from './look.ts';
import { atWork, type UpdateArgs, updateOf, type UpdateSeen, wishOf } from './update-wish.ts';

export async function build(written: UpdateArgs, seen: UpdateSeen, doer: Doer): Promise<Applied> {
  if (seen.leftover) {
    const cleared = await clearAway(written.be_name, doer);
    if (cleared !== null) return refusedWith(cleared);
  }
  // An earlier try of this very action may have built it, unheard: its failure now would clear away a whole one.
  if (await isThere(written.be_name, doer)) return { is: 'applied', reply: {} };
  const waits = [...written.lock_waits];
  for (let cuts = 0; ; ) {
    const tried = await updateOnce(written, doer);
    if (tried.is === 'cut') {
      const gone = await seenToEnd(written, doer);
      if (gone !== 'gone' || cuts > 0) return refusedWith(tried.refusal);
      cuts += 1;
      if (await isThere(written.be_name, doer)) return { is: 'applied', reply: {} };
      continue;
    }
    if (tried.is !== 'locked') return tried.is === 'over' ? tried.applied : failed(written, tried.why, doer);
    const wait = waits.shift();
    if (wait === undefined || doer.stopping())
      return objection(`${doer.host}: pkg update`, `another pkg is at work: ${tried.said}`);
    await tell(doer, `another pkg is at work; again in ${wait}`);
    await doer.sleep(ms(wait));
  }
}

type Tried =
  | { readonly is: 'over'; readonly applied: Applied }
  | { readonly is: 'failed'; readonly why: string }
  | { readonly is: 'locked'; readonly said: string }
  | { readonly is: 'cut'; readonly refusal: Refusal };

async function updateOnce(written: UpdateArgs, doer: Doer): Promise<Tried> {
  const limitMs = ms(written.timeout);
  const ended = await doer.do(pkg.update(updateOf(written)), { limitMs, long: { about: '', silenceMs: limitMs } });
  if (ended.is === 'no') {
    const { refusal } = ended;
    return refusal.is === 'lost' || refusal.is === 'timed-out'
      ? { is: 'cut', refusal }
      : { is: 'over', applied: refusedWith(refusal) };
  }
  const { end, said } = ended.value;
  switch (end) {
    case 'nothing-to-do':
      return nothingToDo(written, said) ?? { is: 'over', applied: await notNext(written, doer) };
    case 'done':
    case 'actuator-timeout':
      return { is: 'over', applied: await notNext(written, doer) };
    case 'locked':
      return { is: 'locked', said };
    case 'out-of-date':
      return { is: 'failed', why: `pkg itself is out of date: pkg install pkg:/package/pkg, then again (${said})` };
    default:
      return { is: 'failed', why: `${end}: ${said}` };
  }
}

/** A level that was named, isn't there, and yet leaves nothing to do: nobody offers it here, or something holds it back. */
function nothingToDo({ packages }: UpdateArgs, said: string): Tried | null {
  const { entire } = wishOf(packages);
  if (entire === null) return null;
  const look = `pkg list -af entire; pkg freeze`;
  return {
    is: 'failed',
    why: `it says that there is nothing to do, but entire@${entire} doesn't run: ${look} (${said})`,
  };
}

/** The running system must boot next, whatever pkg did: a power cut tonight may not start the new one. */
async function notNext({ be_name }: UpdateArgs, doer: Doer): Promise<Applied> {
  const be = await environmentsOf(doer);
  if (be.is === 'no') return refusedWith(be.refusal);
  if (be.value.next !== be_name || be.value.active === be_name) return { is: 'applied', reply: {} };
  const back = await doer.do(beadm.activate(be.value.active));
  return back.is === 'ok' ? { is: 'applied', reply: {} } : refusedWith(back.refusal);
}

async function failed({ be_name }: UpdateArgs, why: string, doer: Doer): Promise<Applied> {
  const cleared = await clearAway(be_name, doer);
  const left =
    cleared === null
      ? ''
      : `; what it left could not be cleared away: beadm unmount ${be_name}; beadm destroy ${be_name}`;
  return objection(`${doer.host}: pkg update`, `${why}${left}`);
}

/** Only our own name, and only what an update leaves when it fails: mounted, neither running nor booting next. */
async function clearAway(name: string, doer: Doer): Promise<Refusal | null> {
  const be = await environmentsOf(doer);
  if (be.is === 'no') return be.refusal;
  const left = be.value.names.find(one => one.name === name);
  if (left === undefined || left.mountpoint === '' || beadm.isActive(left) || beadm.bootsNext(left)) return null;
  await tell(doer, `clearing away ${name}, which the update left at ${left.mountpoint}`);
  const unmounted = await doer.do(beadm.unmount(name, 'force'));
  if (unmounted.is === 'no') return unmounted.refusal;
  const destroyed = await doer.do(beadm.destroy(name, 'unmount'));
  return destroyed.is === 'ok' ? null : destroyed.refusal;
}

/** After a cut: without a terminal it runs on, so it is waited for before anything else. */
async function seenToEnd(written: UpdateArgs, doer: Doer): Promise<'gone' | 'not known'> {
  const look = async () => {
    await doer.reconnect();
    return atWork(written.be_name, doer);
  };
  const last = await waitFor(
    doer,
    { everyMs: 10_000, withinMs: ms(written.timeout) },
    look,
    one => one.is === 'ok' && one.value === null,
  );
  return last.is === 'ok' && last.value === null ? 'gone' : 'not known';
}

/** Whole, or in pieces that are cleared away before it is tried again. */
async function isThere(name: string, doer: Doer): Promise<boolean> {
  const be = await environmentsOf(doer);
  const found = be.is === 'ok' ? be.value.names.find(one => one.name === name) : undefined;
  if (found === undefined) return false;
  if (found.mountpoint === '') return true;
  await clearAway(name, doer);
  return false;
}

function tell(doer: Doer, text: string): Promise<void> {
  return doer.tell({ type: 'progress', action: doer.action, on: doer.host, text, zone: null, done: null, total: null });
}
