// Variables that refer to themselves, in a circle of any length, found by their texts alone.
import type { Layer, Value } from '../../model/value.ts';
import { type Diagnostic, problem } from '../../text/diagnostic.ts';
import { usesOf } from './values.ts';

/** One complaint a circle, at the variable of it that stands first in the layer. */
export function cyclesIn(layer: Layer): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    const value = Object.hasOwn(layer, name) ? layer[name] : undefined;
    if (value === undefined || value.is !== 'expression' || done.has(name)) return;
    const start = path.indexOf(name);
    if (start === -1) {
      for (const use of usesOf(value)) visit(use.path[0] ?? '', [...path, name]);
      done.add(name);
      return;
    }
    const circle = [...path.slice(start), name];
    found.push(problem('variable-cycle', value.at, `the variable "${name}" refers to itself: ${circle.join(' -> ')}`));
  };
  for (const name of Object.keys(layer)) visit(name, []);
  return found;
}

/** One of all layers that have the same templates under the same names: a circle is made of templates alone. */
export function distinct(layers: readonly Layer[]): readonly Layer[] {
  const numbers = new Map<Value, number>();
  const seen = new Set<string>();
  return layers.filter(layer => {
    let key = '';
    for (const name in layer) {
      const value = layer[name];
      if (value?.is !== 'expression') continue;
      const number = numbers.get(value) ?? numbers.size;
      numbers.set(value, number);
      key += `${name} ${number};`;
    }
    return !seen.has(key) && seen.add(key);
  });
}
