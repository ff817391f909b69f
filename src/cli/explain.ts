// zoneferry explain CODE: the page of a diagnostic's code, with a wrong and a right example. Without a code: all of them.
import { diagnosticPage } from '../edge/program.ts';
import { CODES } from '../text/diagnostic.ts';
import { alike } from '../text/nearest.ts';
import { visible } from '../text/visible.ts';
import { EXIT, type Exit } from './exit.ts';
import type { Speech } from './speech.ts';

/** @param said as the drawing shows it: `unknown-key`, or with the brackets around it. */
export function explain(speech: Speech, said: string | null): Exit {
  return said === null ? allCodes(speech) : oneCode(speech, said);
}

function allCodes(speech: Speech): Exit {
  const codes = Object.entries(CODES);
  const width = Math.max(...codes.map(([code]) => code.length));
  for (const [code, meaning] of codes) speech.out(`${code.padEnd(width)}  ${meaning}\n`);
  return EXIT.done;
}

function oneCode(speech: Speech, said: string): Exit {
  const code = said.replace(/^(?:error|warning)?\[(.*)\]$/, '$1');
  const page = diagnosticPage(code);
  if (page === null) {
    const near = alike(code, Object.keys(CODES)).map(one => `"${one}"`);
    const help = near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`;
    speech.err(`zoneferry: there is no code "${visible(code)}"${help} (zoneferry explain lists them)\n`);
    return EXIT.wrong;
  }
  speech.out(page);
  return EXIT.done;
}
