// The questions of `vars_prompt`, asked before anything is touched. Where nobody is there to be asked the default is
// taken, and without one the run doesn't start.
import { ask } from '../edge/terminal.ts';
import type { Plan } from '../model/plan.ts';
import type { Prompt } from '../model/program.ts';
import { promptsOf } from '../model/scope.ts';
import type { JsonObject } from '../text/json.ts';
import type { Speech } from './speech.ts';

export type Answers = { readonly is: 'answers'; readonly values: JsonObject } | { readonly is: 'nobody' };

export async function answersTo(speech: Speech, plan: Plan): Promise<Answers> {
  const asked = promptsOf(plan);
  const missing = speech.interactive ? [] : asked.filter(one => one.standard === null);
  for (const one of missing)
    speech.err(
      `"${one.name}" is asked for at the start, and nobody is here to be asked: give it with -e ${one.name}=...\n`,
    );
  if (missing.length > 0) {
    speech.err('nothing was touched\n');
    return { is: 'nobody' };
  }
  const values: Record<string, string> = {};
  for (const one of asked) {
    const answer = speech.interactive ? await answerTo(speech, one) : one.standard;
    if (answer === null) {
      speech.err('no answer; nothing was touched\n');
      return { is: 'nobody' };
    }
    values[one.name] = answer;
  }
  return { is: 'answers', values };
}

/** null: the input has ended. */
async function answerTo(speech: Speech, prompt: Prompt): Promise<string | null> {
  for (;;) {
    const standard = prompt.standard === null || prompt.secret ? '' : ` [${prompt.standard}]`;
    const first = await ask(`${prompt.question}${standard}: `, prompt.secret);
    if (first === null) return null;
    const answer = first === '' && prompt.standard !== null ? prompt.standard : first;
    if (!prompt.confirm || answer === prompt.standard) return answer;
    const second = await ask(`once more, ${prompt.question}: `, prompt.secret);
    if (second === null || second === first) return second;
    speech.err('the two answers differ\n');
  }
}
