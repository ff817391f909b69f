// What something of Jinja's is called here, or why there is no such thing: what the two translators answer with.

export type Said = { readonly is: 'said'; readonly text: string } | { readonly is: 'unsaid'; readonly why: string };

/** Thrown by a translator, and caught here only: the way out for what can't be said. */
export class Unsaid extends Error {}

export function told(say: () => string): Said {
  try {
    return { is: 'said', text: say() };
  } catch (error) {
    if (error instanceof Unsaid) return { is: 'unsaid', why: error.message };
    throw error;
  }
}
