// zoneferry plan: observe, plan, show. Reads only.
import { writeNamed } from '../edge/durable.ts';
import { planChanges } from '../report/plan-steps.ts';
import { planText } from '../report/plan-text.ts';
import { asJson, canonical } from '../text/json.ts';
import { EXIT, type Exit } from './exit.ts';
import { figuresFor } from './figuring.ts';
import type { Running } from './options.ts';
import { withPlan } from './planning.ts';
import type { Speech } from './speech.ts';
import { planLook } from './viewing.ts';

export function plan(speech: Speech, options: Running, playbooks: readonly string[]): Promise<Exit> {
  return withPlan(speech, { options, playbooks, carriedOut: false, forSure: false }, async made => {
    const text = `${canonical(asJson(made))}\n`;
    const unwritten = options.out === null ? null : await writeNamed(options.out, text);
    speech.out(options.json ? text : planText(made, planLook(speech, options, made), await figuresFor(speech, made)));
    if (unwritten !== null) speech.err(`--out: ${unwritten}\n`);
    if (unwritten !== null) return EXIT.wrong;
    return options.detailedExitcode && planChanges(made) ? EXIT.changes : EXIT.done;
  });
}
