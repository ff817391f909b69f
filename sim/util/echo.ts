// echo of ksh93 (expands escapes) and bash (only with -e). Both know -n.
import { unescape } from '../shell/escapes.ts';

export interface EchoWay {
  readonly isExpanding: boolean;
  readonly hasOptions: boolean;
}

export function echoed(argv: readonly string[], { isExpanding, hasOptions }: EchoWay): string {
  let words = argv.slice(1);
  let newline = '\n';
  let expands = isExpanding;
  for (let word = words[0]; hasOptions && word !== undefined && /^-[neE]+$/.test(word); word = words[0]) {
    if (word.includes('n')) newline = '';
    if (word.includes('e')) expands = true;
    if (word.includes('E')) expands = false;
    words = words.slice(1);
  }
  const text = words.join(' ');
  if (!expands) return text + newline;
  const made = unescape(text, 'echo');
  return made.isCut ? made.text : made.text + newline;
}
