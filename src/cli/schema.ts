// zoneferry schema: the JSON Schema of a playbook, for editors (# yaml-language-server: $schema=...).
import { playbookSchema } from '../load/schema.ts';
import { catalogue } from '../steps/catalogue.ts';
import { EXIT, type Exit } from './exit.ts';
import type { Speech } from './speech.ts';

export function schema(speech: Speech): Exit {
  speech.out(`${JSON.stringify(playbookSchema(catalogue), null, 2)}\n`);
  return EXIT.done;
}
