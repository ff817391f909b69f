// Where text that comes in pieces may be cut without cutting a known secret, in whatever dress. It finds the place only:
// who waits for the next piece, and what is done with the text, is others' business.
import type { SecretForms } from './secret-forms.ts';

/**
 * How many characters (as strings count them) at the end of a text may begin a secret that isn't whole. Law: cut before
 * them, and whatever comes behind them, the parts are without secrets together what the whole would be. Only one with stars
 * in it may be spelled where a mask meets what it was cut from: nobody said it there.
 */
export type OpenSecret = (text: string) => number;

export function openSecretIn(forms: SecretForms): OpenSecret {
  return text => {
    let open = forms.openFrom(text, 0);
    let from = 0;
    while (open !== null) {
      const found = forms.find(text, from, open);
      if (found === null) return text.length - open;
      from = found.end;
      // That one is whole, and what of it looks like another's beginning is its own.
      if (from > open) open = forms.openFrom(text, from);
    }
    return 0;
  };
}
