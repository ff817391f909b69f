// Every dress in which a secret may stand in a text: as it is, as base64, as a shell or JSON would quote it, line by line;
// and where in a text one stands or may begin. Many long secrets are no more work than one: no pattern is made of them,
// and what is learned is put beside what was known. What is done about them is others' business.

/** Shorter ones are not looked for: they would blacken everything. */
const SHORTEST = 4;
/** A line of a longer secret (a private key) is worth hiding; its short last line isn't a secret. */
const SHORTEST_LINE = 8;

const quoted = (text: string): string => text.replaceAll("'", `'\\''`);

/** Base64 groups three bytes: inside a longer text the value can begin at any of three places, and its outer characters depend on the neighbours. */
function base64(value: string): readonly string[] {
  const forms = [0, 1, 2].map(shift => {
    const text = Buffer.concat([Buffer.alloc(shift), Buffer.from(value)])
      .toString('base64')
      .replace(/=+$/, '');
    const unsure = Buffer.byteLength(value) + shift;
    const whole = text.slice(shift === 0 ? 0 : shift + 1, unsure % 3 === 0 ? text.length : text.length - 1);
    return whole;
  });
  const all = [Buffer.from(value).toString('base64'), ...forms];
  return all.flatMap(form => [form, form.replaceAll('+', '-').replaceAll('/', '_')]).filter(form => form.length >= 6);
}

export function formsOf(value: string): readonly string[] {
  if (value.length < SHORTEST) return [];
  const lines = value.split(/\r?\n/).filter(line => line.length >= SHORTEST_LINE && line !== value);
  const forms = [value, ...lines].flatMap(text => [
    text,
    quoted(text),
    quoted(quoted(text)),
    JSON.stringify(text).slice(1, -1),
    encodeURIComponent(Buffer.from(text).toString()),
    ...base64(text),
  ]);
  return forms.filter(form => form.length >= SHORTEST);
}

/** Where one stands. */
export interface Found {
  readonly at: number;
  readonly end: number;
}

interface Form {
  readonly text: string;
  /** The longest other one that this one begins with. */
  readonly within: Form | null;
}

/** A class, since it learns; it never forgets. */
export class SecretForms {
  readonly #known = new Set<string>();
  /** In the order in which strings are compared. */
  #sorted: readonly Form[] = [];
  /** Their first characters, by code unit, and their first four: most places of a text are passed over by them. */
  readonly #firsts = new Uint8Array(0x1_0000);
  readonly #heads = new Set<string>();
  #longest = 0;

  constructor(values: Iterable<string> = []) {
    for (const value of values) this.add(value);
  }

  add(value: string): void {
    for (const form of formsOf(value)) {
      this.#known.add(form);
      this.#firsts[form.charCodeAt(0)] = 1;
      this.#heads.add(form.slice(0, SHORTEST));
      this.#longest = Math.max(this.#longest, form.length);
    }
  }

  get isEmpty(): boolean {
    return this.#known.size === 0;
  }

  /**
   * The first that begins from there on; of those that begin at one place the longest, so that its rest isn't left behind.
   * @param before where nothing is looked for any more.
   */
  find(text: string, from: number, before = text.length): Found | null {
    const last = Math.min(before - 1, text.length - SHORTEST);
    for (let at = from; at <= last; at += 1) {
      if (!this.#mayBegin(text, at)) continue;
      const form = this.#longestIn(text.slice(at, at + this.#longest));
      if (form !== null) return { at, end: at + form.length };
    }
    return null;
  }

  /** Where the longest end of the text begins that more text could make one of; null: none does. */
  openFrom(text: string, from: number): number | null {
    for (let at = Math.max(from, text.length - this.#longest + 1); at < text.length; at += 1) {
      if (!this.#mayBegin(text, at)) continue;
      const rest = text.slice(at);
      // Whatever begins with a text comes right behind it in this order.
      if (this.#index()[this.#placeBehind(rest)]?.text.startsWith(rest) === true) return at;
    }
    return null;
  }

  #mayBegin(text: string, at: number): boolean {
    if (this.#firsts[text.charCodeAt(at)] === 0) return false;
    return at + SHORTEST > text.length || this.#heads.has(text.slice(at, at + SHORTEST));
  }

  /** The longest that the text begins with: the last one that doesn't come behind the text begins with all of those. */
  #longestIn(text: string): string | null {
    let form = this.#index()[this.#placeBehind(text) - 1] ?? null;
    while (form !== null && !text.startsWith(form.text)) form = form.within;
    return form?.text ?? null;
  }

  /** How many don't come behind the text. */
  #placeBehind(text: string): number {
    const forms = this.#index();
    let [low, high] = [0, forms.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((forms[middle]?.text ?? '') > text) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #index(): readonly Form[] {
    if (this.#sorted.length === this.#known.size) return this.#sorted;
    const before = new Set(this.#sorted.map(({ text }) => text));
    const fresh = [...this.#known].filter(text => !before.has(text));
    // What is sorted already comes first: a sort that sees that has little to do.
    this.#sorted = withinEachOther([...this.#sorted.map(({ text }) => text), ...fresh].sort());
    return this.#sorted;
  }
}

/** @param sorted so that what begins with a text follows it, before anything else. */
function withinEachOther(sorted: readonly string[]): readonly Form[] {
  const forms: Form[] = [];
  for (const text of sorted) {
    let within = forms.at(-1) ?? null;
    while (within !== null && !text.startsWith(within.text)) within = within.within;
    forms.push({ text, within });
  }
  return forms;
}
