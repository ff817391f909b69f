// `meta`: words to the runner itself. Each is an entry of the program, or nothing at all.
import type { TaskId } from '../../model/ids.ts';
import type { EndEntry, Entry } from '../../model/program.ts';
import { problem } from '../../text/diagnostic.ts';
import { didYouMean } from '../../text/nearest.ts';
import { fixedTextAt } from '../playbook/fixed-text.ts';
import { complain, type Here, type Reading, textsAt } from '../playbook/reading.ts';
import { checkKeys } from '../playbook/wrong-keys.ts';
import { META_WORDS } from '../tables/keys.ts';
import { type MapNode, type Pair, pairOf } from '../yaml/node.ts';
import { stepPairs } from './call.ts';
import { conditionsAt } from './conditions.ts';

type Word = (typeof META_WORDS)[number];

const ENDS: Readonly<Partial<Record<Word, EndEntry['of']>>> = {
  end_host: 'host',
  end_batch: 'wave',
  end_play: 'play',
};

/** Ansible's words that mean nothing here. */
const ABSENT: Readonly<Record<string, string>> = {
  clear_facts: 'write the step "facts: {}" where they shall be read anew',
  clear_host_errors: 'a host that failed goes back as "on_failure" says; "rescue" is for errors that are mended',
  refresh_inventory: 'leave it out: a plan rests on the inventory as it was read',
  reset_connection: 'leave it out: a connection that breaks is made anew',
  end_role: 'put a condition on the tasks that remain, or on a block around them',
};

export function readMeta(
  reading: Reading,
  here: Here,
  { map, meta, id }: { readonly map: MapNode; readonly meta: Pair; readonly id: TaskId },
): Entry | null {
  for (const pair of stepPairs(map)) {
    const help = 'write it as a task of its own';
    complain(
      reading,
      problem('no-step', pair.keySpan, `"meta" has no step of its own, but here is "${pair.key}"`, help),
    );
  }
  checkKeys(reading, map, 'meta', stepPairs(map));
  const when = conditionsAt(reading, here, pairOf(map, 'when')) ?? [];
  const written = meta.value.is === 'scalar' ? meta.value.written : '';
  const word = META_WORDS.find(one => one === written);
  if (word === undefined) {
    complain(reading, unknownWord(meta, written));
    return null;
  }
  if (word === 'flush_handlers' && when.length > 0) {
    const help = 'put the condition on the handlers';
    complain(
      reading,
      problem('unknown-key', pairOf(map, 'when')?.keySpan ?? map.span, 'handlers are flushed for every host', help),
    );
  }
  const name = fixedTextAt(reading, here, map, 'name') ?? word;
  textsAt(reading, map, 'tags', true);
  if (word === 'noop') return null;
  if (word === 'flush_handlers') return { is: 'flush', id, at: meta.keySpan };
  return { is: 'end', id, name, at: meta.keySpan, of: ENDS[word] ?? 'host', when };
}

function unknownWord(meta: Pair, written: string): ReturnType<typeof problem> {
  if (written === 'remind') return problem('not-yet', meta.value.span, '"meta: remind" is planned, not here yet');
  const instead = Object.hasOwn(ABSENT, written) ? ABSENT[written] : undefined;
  if (instead !== undefined) {
    const message = `Ansible has "meta: ${written}", this language doesn't`;
    return problem('not-ours', meta.value.span, message, instead);
  }
  const near = didYouMean(written, META_WORDS);
  const help = near.length > 0 ? near : [`there are: ${META_WORDS.join(', ')}`];
  return problem('bad-argument', meta.value.span, `"meta" knows no "${written}"`, ...help);
}
