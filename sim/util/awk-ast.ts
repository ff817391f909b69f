// What an awk program is, once read.

export type Expr =
  | { readonly is: 'number'; readonly value: number }
  | { readonly is: 'string'; readonly value: string }
  | { readonly is: 'regex'; readonly source: string }
  | { readonly is: 'variable'; readonly name: string }
  | { readonly is: 'element'; readonly name: string; readonly keys: readonly Expr[] }
  | { readonly is: 'field'; readonly index: Expr }
  | { readonly is: 'assign'; readonly target: Place; readonly op: string; readonly value: Expr }
  | { readonly is: 'step'; readonly target: Place; readonly by: 1 | -1; readonly isPrefix: boolean }
  | { readonly is: 'binary'; readonly op: string; readonly left: Expr; readonly right: Expr }
  | { readonly is: 'unary'; readonly op: string; readonly value: Expr }
  | { readonly is: 'choice'; readonly test: Expr; readonly yes: Expr; readonly no: Expr }
  | { readonly is: 'in'; readonly keys: readonly Expr[]; readonly name: string }
  | { readonly is: 'group'; readonly items: readonly Expr[] }
  | { readonly is: 'call'; readonly name: string; readonly args: readonly Expr[] }
  | {
      readonly is: 'getline';
      readonly from: 'input' | 'file' | 'command';
      readonly source: Expr | null;
      readonly target: Place | null;
    };

export type Place = Extract<Expr, { is: 'variable' | 'element' | 'field' }>;

export interface Redirection {
  readonly op: '>' | '>>' | '|';
  readonly target: Expr;
}

export type Statement =
  | { readonly is: 'print' | 'printf'; readonly args: readonly Expr[]; readonly to: Redirection | null }
  | { readonly is: 'expression'; readonly value: Expr }
  | { readonly is: 'block'; readonly body: readonly Statement[] }
  | { readonly is: 'if'; readonly test: Expr; readonly yes: Statement; readonly no: Statement | null }
  | { readonly is: 'while'; readonly test: Expr; readonly body: Statement; readonly isAfter: boolean }
  | {
      readonly is: 'for';
      readonly start: Statement | null;
      readonly test: Expr | null;
      readonly next: Statement | null;
      readonly body: Statement;
    }
  | { readonly is: 'each'; readonly variable: string; readonly array: string; readonly body: Statement }
  | { readonly is: 'delete'; readonly name: string; readonly keys: readonly Expr[] | null }
  | { readonly is: 'break' | 'continue' | 'next' }
  | { readonly is: 'exit' | 'return'; readonly value: Expr | null };

export interface Rule {
  readonly when: 'BEGIN' | 'END' | 'line';
  readonly pattern: Expr | null;
  /** The end of a range pattern. */
  readonly until: Expr | null;
  /** Null: print the line. */
  readonly body: Statement | null;
}

export interface AwkFunction {
  readonly params: readonly string[];
  readonly body: Statement;
}

export interface AwkProgram {
  readonly rules: readonly Rule[];
  readonly functions: ReadonlyMap<string, AwkFunction>;
}
