// Small changes to a source text, each of which a good test would notice: an operator, a bound, a branch. Pure.
import ts from 'typescript';

export interface Mutant {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** `a === b` -> `a !== b`, for the list of survivors. */
  readonly what: string;
  readonly line: number;
}

const SWAPS: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [ts.SyntaxKind.EqualsEqualsEqualsToken, '!=='],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, '==='],
  [ts.SyntaxKind.LessThanToken, '<='],
  [ts.SyntaxKind.LessThanEqualsToken, '<'],
  [ts.SyntaxKind.GreaterThanToken, '>='],
  [ts.SyntaxKind.GreaterThanEqualsToken, '>'],
  [ts.SyntaxKind.AmpersandAmpersandToken, '||'],
  [ts.SyntaxKind.BarBarToken, '&&'],
  [ts.SyntaxKind.PlusToken, '-'],
  [ts.SyntaxKind.MinusToken, '+'],
  [ts.SyntaxKind.AsteriskToken, '/'],
  [ts.SyntaxKind.SlashToken, '*'],
]);

const CALLS: ReadonlyMap<string, string> = new Map([
  ['some', 'every'],
  ['every', 'some'],
  ['max', 'min'],
  ['min', 'max'],
  ['floor', 'ceil'],
  ['ceil', 'floor'],
]);

export function mutantsOf(file: string, text: string): readonly Mutant[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const found: Mutant[] = [];
  const add = (node: ts.Node, replacement: string): void => {
    const start = node.getStart(source);
    const { line } = source.getLineAndCharacterOfPosition(start);
    const around = text.slice(start, node.end).replace(/\s+/g, ' ');
    found.push({
      start,
      end: node.end,
      text: replacement,
      what: `${around.slice(0, 60)} -> ${replacement.slice(0, 60)}`,
      line: line + 1,
    });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node)) return;
    mutate(node, source, add);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function mutate(node: ts.Node, source: ts.SourceFile, add: (node: ts.Node, text: string) => void): void {
  if (ts.isBinaryExpression(node)) {
    const swap = SWAPS.get(node.operatorToken.kind);
    if (swap !== undefined && !isText(node)) add(node.operatorToken, swap);
  }
  if (ts.isPropertyAccessExpression(node) && ts.isCallExpression(node.parent) && node.parent.expression === node) {
    const swap = CALLS.get(node.name.text);
    if (swap !== undefined) add(node.name, swap);
  }
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    add(node, node.operand.getText(source));
  if (ts.isIfStatement(node)) add(node.expression, 'false');
  if (ts.isConditionalExpression(node)) add(node.condition, 'true');
  if (ts.isNumericLiteral(node) && Number(node.text) < 1000) add(node, String(Number(node.text) + 1));
  if (node.kind === ts.SyntaxKind.TrueKeyword && !ts.isLiteralTypeNode(node.parent)) add(node, 'false');
  if (node.kind === ts.SyntaxKind.FalseKeyword && !ts.isLiteralTypeNode(node.parent)) add(node, 'true');
}

/** Joining texts is not arithmetic. */
function isText(node: ts.BinaryExpression): boolean {
  return [node.left, node.right].some(side => ts.isStringLiteralLike(side) || ts.isTemplateExpression(side));
}
