// facts: reads the host's facts anew. The result replaces what was known of the host for the tasks after it.
import * as z from 'zod';
import { asJson, type JsonObject } from '../text/json.ts';
import { factsOf } from './look.ts';
import { neverApplied, NOTHING_TO_UNDO, stepOf } from './shape.ts';

const args = () => z.strictObject({});

type Seen = { readonly facts: JsonObject[string] };

export const facts = stepOf<z.infer<ReturnType<typeof args>>, Seen>({
  name: 'facts',
  summary: "reads the host's facts anew",
  args,
  returns: () => z.object({ facts: z.any().describe("the host's facts, as `facts` in conditions") }),
  reads: true,
  needsFacts: false,
  limitMs: () => 5 * 60_000,
  say: () => 'read the facts anew',
  foresee: (_, known) =>
    known === null
      ? { is: 'unknown', why: 'nothing is known of the host' }
      : { is: 'nothing', result: { facts: asJson(known) } },
  async check(_, looker) {
    const answer = await factsOf(looker);
    if (answer.is === 'no') return { is: 'no-answer', refusal: answer.refusal };
    return { is: 'done', seen: { facts: asJson(answer.value) }, text: 'read' };
  },
  undo: () => NOTHING_TO_UNDO,
  apply: neverApplied('facts'),
  result: (_, __, after) => ({ facts: after.facts }),
});
