// A wrong playbook and what is said of it: the cases beside this file, by subject. Claims nothing itself.
import type { Code } from '../../../src/text/diagnostic.ts';
import type { Change } from '../kit.ts';

export interface Case {
  readonly claim: string;
  readonly code: Code;
  /** The playbook, or all files. */
  readonly files: string | Readonly<Record<string, string>>;
  /** What the span covers. */
  readonly marked: string;
  readonly help?: string;
  readonly change?: Change;
}

export function texts({ files }: Case): Readonly<Record<string, string>> {
  return typeof files === 'string' ? { 'site.yml': files } : files;
}
