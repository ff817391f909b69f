// zoneferry steps: what a task may name, from the steps' own schemas.
import type * as z from 'zod';
import type { Step } from '../model/step.ts';
import { catalogue } from '../steps/catalogue.ts';
import { fieldsOf } from '../report/step-fields.ts';
import { hanging, wrapped } from '../text/fit.ts';
import { EXIT, type Exit } from './exit.ts';
import type { Speech } from './speech.ts';

export function steps(speech: Speech, name: string | null): Exit {
  if (name === null) {
    const width = Math.max(...catalogue.names.map(one => one.length));
    for (const one of [...catalogue.names].sort())
      speech.out(said(hanging(one.padEnd(width), catalogue.get(one)?.summary ?? '', speech.columns)));
    return EXIT.done;
  }
  const step = catalogue.get(name);
  if (step === null) {
    speech.err(`no step is called ${name}; zoneferry steps lists them\n`);
    return EXIT.wrong;
  }
  speech.out(said(described(step, speech.columns)));
  return EXIT.done;
}

const said = (lines: readonly string[]): string => `${lines.join('\n')}\n`;

function described(step: Step, columns: number): readonly string[] {
  const page = [
    ...wrapped(`${step.name}: ${step.summary}`, columns),
    '',
    'Arguments',
    ...lines(step.args(), true, columns),
    '',
    'Result (register)',
    ...lines(step.returns(), false, columns),
  ];
  if (step.reads) page.push('', ...wrapped('Changes nothing: really runs under --check.', columns));
  if (step.undoNeeds.length > 0)
    page.push('', ...wrapped(`Its undo waits for the undo of ${step.undoNeeds.join(', ')}.`, columns));
  return page;
}

/** Of the names of arguments, so that their types stand in one column. */
const NAME = 20;

/** @param asked whether a person gives these: then it matters which of them must be given. */
function lines(schema: z.ZodType, asked: boolean, columns: number): readonly string[] {
  const fields = fieldsOf(schema);
  if (fields === null) return ['  any'];
  return fields.flatMap(({ name, type, required, standard, says }) => {
    const must = asked && required ? ', must be given' : '';
    const what = `${type}${must}${standard === null ? '' : ` (default ${standard})`}`;
    return hanging(`  ${name.padEnd(NAME)}`, says === '' ? what : `${what}: ${says}`, columns);
  });
}
