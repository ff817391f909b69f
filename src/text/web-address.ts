// Web addresses that something is posted to, and the headers that go with it. An address is a secret behind its host:
// what may be shown of one is `originOf`.

/** In words, why nothing can be posted there; null: it can. The words don't hold the address. */
export function addressProblem(text: string): string | null {
  if (!URL.canParse(text)) return 'it is no address like https://example.org/path';
  const { protocol } = new URL(text);
  return WEB.includes(protocol) ? null : `it begins with ${protocol}, and only http: and https: are posted to`;
}

const WEB: readonly string[] = ['http:', 'https:'];

/** Scheme, host and port. */
export const originOf = (address: string): string => (URL.canParse(address) ? new URL(address).origin : 'an address');

/** A part of an address that is shorter may be a word of many other things. */
const SHORTEST_PART = 8;

/** What of an address nobody may read. */
export function secretsInAddress(address: string): readonly string[] {
  if (!URL.canParse(address)) return [address];
  const { origin, pathname, search, password } = new URL(address);
  const parts = [`${pathname}${search}`, pathname, password].filter(part => part.length >= SHORTEST_PART);
  return address === origin || address === `${origin}/` ? parts : [address, ...parts];
}

/** A shorter value of a header is a word of many other things: `high`. */
export const secretsInHeader = (value: string): readonly string[] => (value.length >= SHORTEST_PART ? [value] : []);

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** What every message says itself, or the line it goes on. */
const TAKEN: readonly string[] = ['content-type', 'content-length', 'host', 'connection', 'transfer-encoding'];

export function headerProblem(name: string): string | null {
  if (!TOKEN.test(name)) return `"${name}" can't be the name of a header`;
  return TAKEN.includes(name.toLowerCase()) ? `the header "${name}" is said by every message itself` : null;
}
