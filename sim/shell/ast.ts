// What a script is, once read. Words stay unexpanded: every expansion happens when the command runs.

export type ParamOp =
  | { readonly is: 'plain' }
  | { readonly is: 'length' }
  /** - = ? + with or without the colon. */
  | { readonly is: 'default'; readonly op: '-' | '=' | '?' | '+'; readonly colon: boolean; readonly word: Word }
  | { readonly is: 'trim'; readonly op: '#' | '##' | '%' | '%%'; readonly word: Word }
  | {
      readonly is: 'replace';
      readonly where: 'first' | 'all' | 'start' | 'end';
      readonly from: Word;
      readonly to: Word;
    }
  | { readonly is: 'slice'; readonly start: Word; readonly length: Word | null };

export type Part =
  | { readonly is: 'lit'; readonly text: string }
  | { readonly is: 'quoted'; readonly text: string }
  | { readonly is: 'double'; readonly parts: readonly Part[] }
  | { readonly is: 'param'; readonly name: string; readonly op: ParamOp }
  | { readonly is: 'command'; readonly body: Command | null }
  | { readonly is: 'arith'; readonly parts: readonly Part[] };

export interface Word {
  readonly parts: readonly Part[];
  /** The text, when no expansion of any kind can touch the word. */
  readonly plain: string | null;
}

export interface Assign {
  readonly name: string;
  readonly isAppend: boolean;
  readonly value: Word;
}

export type Redirect =
  | { readonly is: 'file'; readonly fd: number; readonly op: '<' | '>' | '>>' | '>|' | '<>'; readonly word: Word }
  | { readonly is: 'dup'; readonly fd: number; readonly word: Word }
  /** &>file and &>>file */
  | { readonly is: 'both'; readonly isAppend: boolean; readonly word: Word }
  | { readonly is: 'text'; readonly fd: number; readonly word: Word };

export interface Simple {
  readonly is: 'simple';
  readonly assigns: readonly Assign[];
  readonly words: readonly Word[];
  readonly redirects: readonly Redirect[];
  readonly line: number;
}

export interface CaseArm {
  readonly patterns: readonly Word[];
  readonly body: Command | null;
  readonly then: 'stop' | 'fall' | 'test';
}

export interface ListItem {
  readonly command: Command;
  readonly isBackground: boolean;
}

export type Command =
  | Simple
  | { readonly is: 'pipe'; readonly commands: readonly Command[]; readonly isNegated: boolean }
  | { readonly is: 'and' | 'or'; readonly left: Command; readonly right: Command }
  | { readonly is: 'list'; readonly items: readonly ListItem[] }
  | { readonly is: 'if'; readonly condition: Command; readonly yes: Command; readonly no: Command | null }
  | { readonly is: 'while'; readonly condition: Command; readonly body: Command; readonly isUntil: boolean }
  | { readonly is: 'for'; readonly name: string; readonly words: readonly Word[] | null; readonly body: Command }
  | { readonly is: 'case'; readonly word: Word; readonly arms: readonly CaseArm[] }
  | { readonly is: 'function'; readonly name: string; readonly body: Command }
  | { readonly is: 'group'; readonly body: Command }
  | { readonly is: 'subshell'; readonly body: Command }
  | { readonly is: 'condition'; readonly test: Condition; readonly line: number }
  | { readonly is: 'arithmetic'; readonly expression: readonly Part[] }
  | { readonly is: 'redirected'; readonly command: Command; readonly redirects: readonly Redirect[] };

/** What stands between [[ and ]]. */
export type Condition =
  | { readonly is: 'unary'; readonly op: string; readonly word: Word }
  | { readonly is: 'binary'; readonly op: string; readonly left: Word; readonly right: Word }
  | { readonly is: 'not'; readonly test: Condition }
  | { readonly is: 'both' | 'either'; readonly left: Condition; readonly right: Condition };
