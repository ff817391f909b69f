// vars_prompt: variables of a play that are asked for when the run starts. Here only what is asked; who answers, and
// where nobody is there to, is for the command line.
import type { Prompt } from '../../model/program.ts';
import { problem } from '../../text/diagnostic.ts';
import { nameProblem } from '../expression/variables.ts';
import { type MapNode, type Node, pairOf } from '../yaml/node.ts';
import { complain, listAt, type Reading, textAt, truthAt, wrongType } from './reading.ts';
import { checkKeys } from './wrong-keys.ts';

export interface ReadPrompt extends Prompt {
  readonly at: Node['span'];
}

/** Without those that `-e` has answered. */
export function promptsOf(reading: Reading, map: MapNode): readonly ReadPrompt[] {
  return listAt(reading, pairOf(map, 'vars_prompt')).flatMap(item => {
    if (item.is !== 'map') {
      wrongType(reading, item, 'a prompt is a mapping', 'write { name: NAME, prompt: "what is asked" }');
      return [];
    }
    const prompt = promptOf(reading, item);
    return prompt === null || Object.hasOwn(reading.extra, prompt.name) ? [] : [prompt];
  });
}

function promptOf(reading: Reading, map: MapNode): ReadPrompt | null {
  checkKeys(reading, map, 'prompt');
  const at = pairOf(map, 'name')?.value.span ?? map.span;
  const name = textAt(reading, map, 'name');
  if (name === null) {
    complain(
      reading,
      problem('missing-key', map.pairs[0]?.keySpan ?? map.span, 'a prompt needs the "name" of its variable'),
    );
    return null;
  }
  const wrong = nameProblem(name, at);
  if (wrong !== null) complain(reading, wrong);
  return {
    ...{ name, at, question: textAt(reading, map, 'prompt') ?? name, standard: textAt(reading, map, 'default') },
    // As in Ansible: whatever is typed is a secret unless it is said not to be.
    secret: truthAt(reading, map, 'private') ?? true,
    confirm: truthAt(reading, map, 'confirm') ?? false,
  };
}
