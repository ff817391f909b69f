// The `%h` and `${NAME}` of SSH configurations, filled in.
import type { Surroundings } from '../../model/ports.ts';

/** By their letter. */
export type Tokens = Readonly<Partial<Record<string, string>>>;

/** A token that has no value stays as it is written: the file that is named so won't be there, and is told. */
export function expanded(text: string, tokens: Tokens): string {
  return text.replaceAll(/%(.)/g, (whole, letter: string) => (letter === '%' ? '%' : (tokens[letter] ?? whole)));
}

export function withEnvironment(text: string, { env }: Surroundings): string {
  return text.replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => env(name) ?? whole);
}

export interface Named {
  /** As asked for, before HostName. */
  readonly original: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly alias: string | null;
}

/** Those of ssh_config(5), TOKENS, for files. */
export function tokensOf(named: Named, around: Surroundings): Tokens {
  return {
    d: around.home,
    h: named.address,
    i: String(around.uid),
    k: named.alias ?? named.original,
    L: around.host.split('.')[0] ?? '',
    l: around.host,
    n: named.original,
    p: String(named.port),
    r: named.user,
    u: around.user,
  };
}
