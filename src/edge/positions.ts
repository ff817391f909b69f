// Where a place in the published bundle is in our sources, so that what a bug says of itself names lines that somebody can
// look up. Started from the sources, there is nothing to translate.
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';

/** The same stack with each place in `bundle` as `src/run/loop.ts:12:3`; as it was where no map can be read beside the bundle. */
export function inSources(stack: string, bundle: string): string {
  const map = mapOf(bundle);
  if (map === null) return stack;
  const [before = '', ...places] = stack.split(`${bundle}:`);
  const told = places.map(place => {
    const [all, line, column] = /^(\d+):(\d+)/.exec(place) ?? ['', '', ''];
    const source = origin(map, Number(line), Number(column));
    return source === undefined ? `${bundle}:${place}` : source + place.slice(all.length);
  });
  return before + told.join('');
}

/** Whatever is wrong with it: what is being told is worse. */
function mapOf(bundle: string): SourceMap | null {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${bundle}.map`, 'utf8')));
  } catch {
    return null;
  }
}

/** Lines and columns count from 1, as in a stack. */
function origin(map: SourceMap, line: number, column: number): string | undefined {
  const found = map.findEntry(line - 1, column - 1);
  if (!('originalSource' in found)) return undefined;
  // esbuild names them as seen from the bundle's folder.
  const source = found.originalSource.replace(/^(?:\.\.\/)+/, '');
  return `${source}:${found.originalLine + 1}:${found.originalColumn + 1}`;
}
