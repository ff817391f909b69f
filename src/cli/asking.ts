// The question in the middle of a run, at its terminal: the view steps aside, and only a yes that is typed then is a yes.
// Ctrl-C there is a no. Where nobody is to be asked the run ends with the question, as after a no.
import { confirmLate } from '../edge/terminal.ts';
import type { RunPorts } from '../run/ports.ts';
import type { Question } from '../run/question.ts';
import { wrapped } from '../text/fit.ts';
import { visible } from '../text/visible.ts';
import type { Running } from './options.ts';
import type { Speech } from './speech.ts';

export interface Asker {
  /** null: nobody is to be asked. */
  readonly ask: RunPorts['ask'];
  /** A signal came: true when it was taken for a no to the open question, and means nothing else. */
  readonly takes: () => boolean;
}

/** Whoever went away finds a run that ended in order, rather than hosts that are held until the morning. */
const ANSWER_WITHIN_MS = 30 * 60_000;

type Aside = <T>(during: () => Promise<T>) => Promise<T>;

export function askerFor(
  speech: Speech,
  { yes, json, check }: Pick<Running, 'yes' | 'json' | 'check'>,
  aside: Aside,
): Asker {
  if (!speech.interactive || yes || json || check) return { ask: null, takes: () => false };
  let open: AbortController | null = null;
  return {
    takes() {
      if (open === null) return false;
      open.abort();
      return true;
    },
    ask: question =>
      aside(async () => {
        open = new AbortController();
        speech.err(questionPage(question, speech.columns));
        try {
          return await confirmLate('go on?', { limitMs: ANSWER_WITHIN_MS, giveUp: open.signal });
        } finally {
          open = null;
        }
      }),
  };
}

function questionPage({ about, changes }: Question, columns: number): string {
  const lines = [
    ...wrapped(visible(about), columns),
    ...changes.flatMap(change => wrapped(visible(change), columns - 2).map(line => `  ${line}`)),
  ];
  return `\n${lines.join('\n')}\n`;
}
