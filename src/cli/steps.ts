// zoneferry steps: what a task may name, from the steps' own schemas.
import type * as z from 'zod';
import type { Step } from '../model/step.ts';
import { catalogue } from '../steps/catalogue.ts';
import { fieldsOf } from '../report/step-fields.ts';
import { EXIT, type Exit } from './exit.ts';
import type { Speech } from './speech.ts';

export function steps(speech: Speech, name: string | null): Promise<Exit> {
  if (name === null) {
    const width = Math.max(...catalogue.names.map(one => one.length));
    for (const one of [...catalogue.names].sort())
      speech.out(`${one.padEnd(width)}  ${catalogue.get(one)?.summary ?? ''}\n`);
    return Promise.resolve(EXIT.done);
  }
  const step = catalogue.get(name);
  if (step === null) {
    speech.err(`no step is called ${name}; zoneferry steps lists them\n`);
    return Promise.resolve(EXIT.wrong);
  }
  speech.out(described(step));
  return Promise.resolve(EXIT.done);
}

function described(step: Step): string {
  const page = [
    `${step.name}: ${step.summary}`,
    '',
    'Arguments',
    ...lines(step.args, true),
    '',
    'Result (register)',
    ...lines(step.returns, false),
  ];
  if (step.reads) page.push('', 'Changes nothing: really runs under --check.');
  if (step.undoNeeds.length > 0) page.push('', `Its undo waits for the undo of ${step.undoNeeds.join(', ')}.`);
  return `${page.join('\n')}\n`;
}

/** @param asked whether a person gives these: then it matters which of them must be given. */
function lines(schema: z.ZodType, asked: boolean): readonly string[] {
  const fields = fieldsOf(schema);
  if (fields === null) return ['  any'];
  return fields.map(({ name, type, required, standard, says }) => {
    const must = asked && required ? ', must be given' : '';
    return `  ${name.padEnd(20)} ${type}${must}${standard === null ? '' : ` (default ${standard})`}${says === '' ? '' : `: ${says}`}`;
  });
}
