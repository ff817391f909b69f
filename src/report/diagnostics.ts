// What is wrong in files, for other programs: JSON for scripts, GitHub's annotations for pull requests, SARIF 2.1.0 for
// whatever collects findings. For people it is drawn (src/text/draw.ts). Pure: texts are asked for, nothing is read.
import { CODES, type Code, type Diagnostic } from '../text/diagnostic.ts';
import type { TextOf } from '../text/draw.ts';
import { isObject, type Json } from '../text/json.ts';
import { type Source, sourceOf, spanIn } from '../text/source.ts';
import type { Span } from '../text/span.ts';

/** Lines and columns count from 1, in UTF-16 units; the end is exclusive. */
interface Region {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A span without a file (`<-e>`) has no region. */
type RegionOf = (span: Span) => Region | null;

function regions(textOf: TextOf): RegionOf {
  const sources = new Map<string, Source | null>();
  const sourceFor = (file: string): Source | null => {
    const known = sources.get(file);
    if (known !== undefined) return known;
    const text = textOf(file);
    const source = text === null ? null : sourceOf(file, text);
    sources.set(file, source);
    return source;
  };
  return span => {
    if (span.file.startsWith('<')) return null;
    const source = sourceFor(span.file);
    const end = source === null ? span : spanIn(source, span.end, span.end);
    return { line: span.line, column: span.column, endLine: end.line, endColumn: end.column };
  };
}

/** One object: `{ errors, warnings, diagnostics: [{ code, severity, message, file, line, column, ..., help, also }] }`. */
export function diagnosticsAsJson(diagnostics: readonly Diagnostic[], textOf: TextOf): string {
  const regionOf = regions(textOf);
  const place = (span: Span): Record<string, Json> => ({ file: span.file, ...regionOf(span) });
  const count = (severity: Diagnostic['severity']): number =>
    diagnostics.filter(one => one.severity === severity).length;
  return pretty({
    errors: count('error'),
    warnings: count('warning'),
    diagnostics: diagnostics.map(({ code, severity, message, span, help, also }) => ({
      ...{ code, severity, message, ...place(span), help: [...help] },
      also: also.map(other => ({ message: other.message, ...place(other.span) })),
    })),
  });
}

/** A line each: `::error file=site.yml,line=3,col=5,title=unknown-key::message`. */
export function diagnosticsForGithub(diagnostics: readonly Diagnostic[], textOf: TextOf): string {
  const regionOf = regions(textOf);
  const lines = diagnostics.map(one => {
    const region = regionOf(one.span);
    const place =
      region === null
        ? {}
        : {
            file: one.span.file,
            ...{ line: region.line, endLine: region.endLine, col: region.column, endColumn: region.endColumn },
          };
    const properties = Object.entries({ ...place, title: one.code }).map(
      ([name, value]) => `${name}=${property(String(value))}`,
    );
    const where = region === null ? `${one.span.file}: ` : '';
    const text = [`${where}${one.message}`, ...one.help.map(help => `help: ${help}`)].join('\n');
    return `::${one.severity} ${properties.join(',')}::${data(text)}\n`;
  });
  return lines.join('');
}

const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** A log of one run, every code a rule, whether it was met or not. */
export function diagnosticsAsSarif(diagnostics: readonly Diagnostic[], textOf: TextOf, version: string): string {
  const regionOf = regions(textOf);
  const location = (span: Span): Json => {
    const region = regionOf(span);
    if (region === null) return { logicalLocations: [{ name: span.file }] };
    const { line, column, endLine, endColumn } = region;
    return {
      physicalLocation: {
        artifactLocation: { uri: uriOf(span.file) },
        region: { startLine: line, startColumn: column, endLine, endColumn },
      },
    };
  };
  const codes = Object.keys(CODES);
  return pretty({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'zoneferry', version, rules: rules() } },
        columnKind: 'utf16CodeUnits',
        results: diagnostics.map(({ code, severity, message, span, help, also }) => ({
          ...{ ruleId: code, ruleIndex: codes.indexOf(code), level: severity },
          message: { text: [message, ...help].join('\n') },
          locations: [location(span)],
          relatedLocations: also.map(other => withMessage(location(other.span), other.message)),
        })),
      },
    ],
  });
}

const withMessage = (location: Json, text: string): Json => ({
  ...(isObject(location) ? location : {}),
  message: { text },
});

function rules(): Json {
  return Object.entries(CODES).map(([id, meaning]: [string, (typeof CODES)[Code]]) => ({
    id,
    shortDescription: { text: meaning },
    help: { text: `zoneferry explain ${id}` },
  }));
}

const pretty = (value: Json): string => `${JSON.stringify(value, null, 2)}\n`;

/** A relative path stays one, an absolute one becomes a file URI: blanks and the like are escaped. */
function uriOf(file: string): string {
  const escaped = file.split('/').map(encodeURIComponent).join('/');
  return file.startsWith('/') ? `file://${escaped}` : escaped;
}
