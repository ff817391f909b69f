// zoneferry steps: what a task may name, from the steps' own schemas.
import { z } from 'zod';
import type { Step } from '../model/step.ts';
import { catalogue } from '../steps/catalogue.ts';
import { asJson, isObject, type Json } from '../text/json.ts';
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
  const lines = [
    `${step.name}: ${step.summary}`,
    '',
    'Arguments',
    ...fields(step.args, true),
    '',
    'Result (register)',
    ...fields(step.returns, false),
  ];
  if (step.reads) lines.push('', 'Changes nothing: really runs under --check.');
  if (step.undoNeeds.length > 0) lines.push('', `Its undo waits for the undo of ${step.undoNeeds.join(', ')}.`);
  return `${lines.join('\n')}\n`;
}

/** @param asked whether a person gives these: then it matters which of them must be given. */
function fields(schema: z.ZodType, asked: boolean): readonly string[] {
  const json = asJson(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  const properties = isObject(json) ? json['properties'] : undefined;
  if (!isObject(properties)) return ['  any'];
  const required = asked && isObject(json) && Array.isArray(json['required']) ? json['required'] : [];
  return Object.entries(properties).map(
    ([name, field]) =>
      `  ${name.padEnd(20)} ${typeOf(field)}${required.includes(name) ? ', must be given' : ''}${about(field)}`,
  );
}

function typeOf(field: Json): string {
  if (!isObject(field)) return 'any';
  if (Array.isArray(field['enum'])) return field['enum'].map(String).join(' | ');
  const kinds = field['anyOf'];
  if (Array.isArray(kinds))
    return kinds
      .map(typeOf)
      .filter(kind => kind !== 'null')
      .join(' | ');
  if ('const' in field) return String(field['const']);
  return typeof field['type'] === 'string' ? field['type'] : 'any';
}

function about(field: Json): string {
  if (!isObject(field)) return '';
  const standard =
    field['default'] === undefined || field['default'] === null ? '' : ` (default ${JSON.stringify(field['default'])})`;
  return `${standard}${typeof field['description'] === 'string' ? `: ${field['description']}` : ''}`;
}
