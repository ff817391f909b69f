// zoneferry plan: observe, plan, show. Reads only.
import { writeNamed } from '../edge/durable.ts';
import { planChanges, planText } from '../report/plan-text.ts';
import { asJson, canonical } from '../text/json.ts';
import { EXIT, type Exit } from './exit.ts';
import { loadAll } from './loading.ts';
import type { Running } from './options.ts';
import { connectTo, planFor } from './planning.ts';
import type { Speech } from './speech.ts';
import { timeZone } from './viewing.ts';

export async function plan(speech: Speech, options: Running, playbooks: readonly string[]): Promise<Exit> {
  const loaded = await loadAll(speech, options, playbooks);
  if (loaded.is === 'wrong') return loaded.exit;
  const hosts = connectTo(loaded.inventory, null);
  try {
    const planned = await planFor(speech, loaded, options, hosts);
    if (planned.is === 'no') return planned.exit;
    const text = `${canonical(asJson(planned.plan))}\n`;
    const unwritten = options.out === null ? null : await writeNamed(options.out, text);
    speech.out(
      options.json
        ? text
        : planText(planned.plan, { columns: speech.columns, timeZone: timeZone(), verbose: options.verbose }),
    );
    if (unwritten !== null) speech.err(`--out: ${unwritten}\n`);
    if (unwritten !== null) return EXIT.wrong;
    return options.detailedExitcode && planChanges(planned.plan) ? EXIT.changes : EXIT.done;
  } finally {
    await hosts.close();
  }
}
