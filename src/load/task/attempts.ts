// until, retries, delay and backoff of a task.
import type { Attempts } from '../../model/program.ts';
import { known, type Value } from '../../model/value.ts';
import { problem } from '../../text/diagnostic.ts';
import { valueOf } from '../expression/values.ts';
import { complain, durationAt, type Here, noting, numberAt, type Reading, wrongType } from '../playbook/reading.ts';
import { type MapNode, type Node, pairOf } from '../yaml/node.ts';
import { conditionsAt } from './conditions.ts';

const RETRIES = 3;
const DELAY_MS = 5000;

/** As in Ansible: three retries five seconds apart, where only one of the words stands. */
export function attemptsOf(reading: Reading, here: Here, map: MapNode): Attempts | null {
  const until = pairOf(map, 'until');
  const retries = pairOf(map, 'retries');
  if (until === null && retries === null) {
    for (const key of ['delay', 'backoff']) {
      const alone = pairOf(map, key);
      if (alone !== null)
        complain(reading, problem('missing-key', alone.keySpan, `"${key}" stands without "until" or "retries"`));
    }
    return null;
  }
  return {
    until: conditionsAt(reading, here, until) ?? [],
    retries: retries === null ? known(RETRIES) : retriesOf(reading, here, retries.value),
    delayMs: known(durationAt(reading, map, 'delay') ?? DELAY_MS),
    backoff: numberAt(reading, map, 'backoff', { from: 1, to: null }) ?? 1,
  };
}

function retriesOf(reading: Reading, here: Here, node: Node): Value {
  const whole = node.is === 'scalar' && typeof node.value === 'number' && Number.isInteger(node.value);
  const template = node.is === 'scalar' && typeof node.value === 'string' && node.value.includes('{{');
  if (template || (whole && Number(node.value) >= 0))
    return noting(reading, here, notes => valueOf(here.source, node, 'text', notes));
  wrongType(reading, node, '"retries" is a whole number');
  return known(RETRIES);
}
