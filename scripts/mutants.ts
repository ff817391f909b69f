// Small changes to a source text, each of which a good test would notice: an operator, a bound, a branch. Pure. It leaves
// alone what is no decision: types, imports, comments, what only a person reads, and what is thrown when we are wrong.
import ts from 'typescript';

export interface Mutant {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** `a === b -> a !== b`, for the list of survivors. */
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

/** Fields whose text is for people; the choice of words in them is theirs to judge, not a test's. */
const TOLD = new Set(['message', 'why', 'help', 'summary', 'text', 'notes']);

type Add = (node: ts.Node, replacement: string, shown?: ts.Node) => void;

export function mutantsOf(file: string, text: string): readonly Mutant[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const found: Mutant[] = [];
  const add: Add = (node, replacement, shown = node) => {
    const start = node.getStart(source);
    const from = shown.getStart(source);
    const { line } = source.getLineAndCharacterOfPosition(start);
    const after = text.slice(from, start) + replacement + text.slice(node.end, shown.end);
    const what = `${short(text.slice(from, shown.end))} -> ${short(after)}`;
    found.push({ start, end: node.end, text: replacement, what, line: line + 1 });
  };
  const visit = (node: ts.Node, told: boolean): void => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isThrowStatement(node)) return;
    if (told && ts.isTemplateExpression(node)) return;
    mutate(node, source, add);
    ts.forEachChild(node, child => visit(child, told || isTold(node)));
  };
  visit(source, false);
  return found;
}

function mutate(node: ts.Node, source: ts.SourceFile, add: Add): void {
  if (ts.isBinaryExpression(node)) {
    const swap = SWAPS.get(node.operatorToken.kind);
    if (swap !== undefined && !isText(node)) add(node.operatorToken, swap, node);
  }
  if (ts.isPropertyAccessExpression(node) && ts.isCallExpression(node.parent) && node.parent.expression === node) {
    const swap = CALLS.get(node.name.text);
    if (swap !== undefined) add(node.name, swap, node.parent);
  }
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    add(node, node.operand.getText(source));
  if (ts.isIfStatement(node) && !ts.isThrowStatement(node.thenStatement)) add(node.expression, 'false');
  if (ts.isConditionalExpression(node)) add(node.condition, 'true', node);
  if (ts.isNumericLiteral(node) && Number(node.text) < 1000) add(node, String(Number(node.text) + 1), node.parent);
  if (node.kind === ts.SyntaxKind.TrueKeyword) add(node, 'false', node.parent);
  if (node.kind === ts.SyntaxKind.FalseKeyword) add(node, 'true', node.parent);
}

const isTold = (node: ts.Node): boolean =>
  ts.isPropertyAssignment(node) && ts.isIdentifier(node.name) && TOLD.has(node.name.text);

/** Joining texts is not arithmetic. */
function isText(node: ts.BinaryExpression): boolean {
  return [node.left, node.right].some(side => ts.isStringLiteralLike(side) || ts.isTemplateExpression(side));
}

function short(code: string): string {
  const line = code.replace(/\s+/g, ' ');
  return line.length <= 90 ? line : `${line.slice(0, 87)}...`;
}
