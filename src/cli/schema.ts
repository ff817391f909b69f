// zoneferry schema: the JSON Schema of a playbook or an inventory, for editors (# yaml-language-server: $schema=...).
import { inventorySchema } from '../load/tables/inventory-schema.ts';
import { playbookSchema } from '../load/tables/playbook-schema.ts';
import { catalogue } from '../steps/catalogue.ts';
import { EXIT, type Exit } from './exit.ts';
import type { Speech } from './speech.ts';

export function schema(speech: Speech, of: string): Exit {
  const made = of === 'inventory' ? inventorySchema() : of === 'playbook' ? playbookSchema(catalogue) : null;
  if (made === null) {
    speech.err(`zoneferry: there is a schema of a playbook and one of an inventory, none of "${of}"\n`);
    return EXIT.wrong;
  }
  speech.out(`${JSON.stringify(made, null, 2)}\n`);
  return EXIT.done;
}
