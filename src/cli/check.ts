// zoneferry check: everything that is wrong with playbook and inventory, in one pass, before any host is asked. Drawn
// for people on standard error, or for a program on standard output.
import { programVersion } from '../edge/program.ts';
import { diagnosticsAsJson, diagnosticsAsSarif, diagnosticsForGithub } from '../report/diagnostics.ts';
import type { Diagnostic } from '../text/diagnostic.ts';
import type { TextOf } from '../text/draw.ts';
import { never } from '../text/never.ts';
import { EXIT, type Exit } from './exit.ts';
import { loadAll } from './loading.ts';
import { drawnTo } from './telling.ts';
import type { Form, Running } from './options.ts';
import type { Speech } from './speech.ts';

export async function check(speech: Speech, options: Running, playbooks: readonly string[], form: Form): Promise<Exit> {
  const teller =
    form === 'drawn'
      ? drawnTo(speech)
      : (diagnostics: readonly Diagnostic[], textOf: TextOf) => speech.out(written(form, diagnostics, textOf));
  const loaded = await loadAll(speech, options, playbooks, teller);
  if (loaded.is === 'wrong') return loaded.exit;
  if (form !== 'drawn') return EXIT.done;
  for (const play of loaded.program.plays)
    speech.out(`ok  ${play.file}: ${play.name} (${play.hosts.length} ${play.hosts.length === 1 ? 'host' : 'hosts'})\n`);
  return EXIT.done;
}

function written(form: Exclude<Form, 'drawn'>, diagnostics: readonly Diagnostic[], textOf: TextOf): string {
  switch (form) {
    case 'json':
      return diagnosticsAsJson(diagnostics, textOf);
    case 'github':
      return diagnosticsForGithub(diagnostics, textOf);
    case 'sarif':
      return diagnosticsAsSarif(diagnostics, textOf, programVersion());
    default:
      return never(form);
  }
}
