// What is wrong with a user's files, told: drawn for people, with the exit status that fits. It loads no file.
import { type Diagnostic } from '../text/diagnostic.ts';
import { drawn, type TextOf } from '../text/draw.ts';
import { counted } from '../text/fit.ts';
import { EXIT, type Exit } from './exit.ts';
import type { Speech } from './speech.ts';

/** It has been told. */
export type Wrong = { readonly is: 'wrong'; readonly exit: Exit };

/** Says what is wrong with the files, all at once; called once, with nothing when nothing is. */
export type Teller = (diagnostics: readonly Diagnostic[], textOf: TextOf) => void;

/** Of a file that isn't what it was taken for every line is wrong: what follows from the first few is only counted. */
function worthShowing(diagnostics: readonly Diagnostic[]) {
  const seen = new Map<string, number>();
  const shown = diagnostics.filter(({ code, span: { file } }) => {
    if (code !== 'yaml-syntax') return true;
    seen.set(file, (seen.get(file) ?? 0) + 1);
    return (seen.get(file) ?? 0) <= SYNTAX_SHOWN;
  });
  const more = [...seen].map(([file, count]) => [file, count - SYNTAX_SHOWN] as const);
  return { shown, more: more.filter(([, count]) => count > 0) };
}

const SYNTAX_SHOWN = 3;

/** For people, on standard error. */
export function drawnTo(speech: Speech): Teller {
  return (diagnostics, textOf) => {
    const { shown, more } = worthShowing(diagnostics);
    for (const one of shown) speech.err(`${drawn(one, textOf, speech.colour)}\n`);
    for (const [file, count] of more) speech.err(`and ${counted(count, 'more syntax error')} in ${file}\n`);
    const errors = diagnostics.filter(one => one.severity === 'error').length;
    if (errors > 0) speech.err(`${errors === 1 ? '1 error' : `${errors} errors`}; nothing was touched\n`);
  };
}

/** What turns out to be wrong later, drawn, and the exit status for it. */
export function refusal(speech: Speech, diagnostics: readonly Diagnostic[], textOf: TextOf): Exit {
  drawnTo(speech)(diagnostics, textOf);
  return exitFor(diagnostics);
}

/** `nobody` only when nothing else is wrong. */
export function exitFor(diagnostics: readonly Diagnostic[]): Exit {
  const errors = diagnostics.filter(one => one.severity === 'error');
  return errors.length > 0 && errors.every(one => one.code === 'empty-selection') ? EXIT.nobody : EXIT.wrong;
}
