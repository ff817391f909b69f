// What an inventory may say of a zone, under `zones:`, as a table: the reader, the schema and the reference follow
// from it.

export type ZoneRuleTakes =
  /** One host of the inventory. */
  | { readonly is: 'host' }
  /** Hosts of the inventory: their names, groups, patterns. */
  | { readonly is: 'hosts' }
  /** Names of zones, or patterns; which zones there are, only the hosts know. */
  | { readonly is: 'zones' }
  | { readonly is: 'number' }
  | { readonly is: 'truth' }
  | { readonly is: 'text' }
  | { readonly is: 'one of'; readonly words: readonly string[] };

export interface ZoneRuleWord {
  readonly takes: ZoneRuleTakes;
  readonly says: string;
}

export const ZONE_RULES = {
  pin: { takes: { is: 'host' }, says: 'the one host where it may be' },
  allowed: {
    takes: { is: 'hosts' },
    says: 'the only hosts where it may be (licences): names, groups, patterns',
  },
  keep_apart: { takes: { is: 'zones' }, says: 'zones that may not run on the same host' },
  keep_together: { takes: { is: 'zones' }, says: 'zones that must run on the same host' },
  priority: { takes: { is: 'number' }, says: 'when not all can go on, those with the highest do; 0 unless said' },
  may_stop: { takes: { is: 'truth' }, says: 'may be proposed to be shut down when there is no room' },
  managed_by: { takes: { is: 'text' }, says: 'who moves it instead of us, such as a cluster' },
  native: {
    takes: { is: 'one of', words: ['stay', 'stop', 'move'] },
    says: "for a zone that shares the kernel, instead of the playbook's `native`",
  },
  stays: { takes: { is: 'truth' }, says: 'never moves: it goes down with its host and is started again' },
  returns: {
    takes: { is: 'one of', words: ['home', 'stay'] },
    says: "whether it comes home after the maintenance, instead of the play's `return`",
  },
  contact: { takes: { is: 'text' }, says: 'who is to be told when it moves or goes down: the plan lists them' },
} as const satisfies Readonly<Record<string, ZoneRuleWord>>;
