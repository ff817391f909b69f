// The steps there are, by name. The only place that knows them all; plan and run get this list handed in.
import type { Catalogue, Step } from '../model/step.ts';
import { command, shell } from './command.ts';
import { copy, template } from './copy.ts';
import { fetch } from './fetch.ts';
import { file } from './file.ts';
import { HOST_STEPS } from './host-steps.ts';
import { lineinfile } from './lineinfile.ts';
import { notifyWebhook } from './notify-webhook.ts';
import { pause } from './pause.ts';
import { assert, debug, fail, includeVars, setFact } from './say.ts';
import { script } from './script.ts';
import { stat } from './stat.ts';
import { waitFor } from './wait-for.ts';

const ORDINARY: readonly Step[] = [
  assert,
  command,
  copy,
  debug,
  fail,
  fetch,
  file,
  includeVars,
  lineinfile,
  notifyWebhook,
  pause,
  script,
  setFact,
  shell,
  stat,
  template,
  waitFor,
];

/** @throws when two steps have one name. */
function catalogueOf(steps: readonly Step[]): Catalogue {
  const byName = new Map<string, Step>(steps.map(step => [step.name, step]));
  if (byName.size !== steps.length) throw new Error('two steps have the same name');
  return { names: steps.map(({ name }) => name).toSorted(), get: name => byName.get(name) ?? null };
}

export const catalogue: Catalogue = catalogueOf([...HOST_STEPS, ...ORDINARY]);
