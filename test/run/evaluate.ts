// The evaluator of the engine's tests: conditions and {{...}} are JavaScript over the scope. Small, so that these tests
// stand without the loader.
import type { Evaluate, Evaluated, Scope, Value } from '../../src/model/value.ts';
import type { Json } from '../../src/text/json.ts';

class Open extends Error {
  readonly found: Evaluated;
  constructor(found: Evaluated) {
    super(found.is);
    this.found = found;
  }
}

export const evaluate: Evaluate = (value, scope) => {
  try {
    return { is: 'value', json: compute(value, scope) };
  } catch (error) {
    if (error instanceof Open) return error.found;
    const at = 'at' in value ? value.at : { file: '<test>', start: 0, end: 0, line: 1, column: 1 };
    return { is: 'problem', message: error instanceof Error ? error.message : String(error), at };
  }
};

function compute(value: Value, scope: Scope): Json {
  switch (value.is) {
    case 'known':
    case 'hidden':
    case 'foreseen':
      return value.json;
    case 'at-start':
      throw new Open({ is: 'at-start', name: value.name });
    case 'later':
      throw new Open({ is: 'later', after: value.after });
    case 'expression':
      return value.language === 'condition' ? run(String(value.source), scope) : filled(value.source, scope);
  }
}

function filled(source: Json, scope: Scope): Json {
  if (Array.isArray(source)) return source.map(one => filled(one as Json, scope));
  if (typeof source === 'object' && source !== null)
    return Object.fromEntries(Object.entries(source).map(([name, one]) => [name, filled(one, scope)]));
  if (typeof source !== 'string') return source;
  const whole = /^\{\{([^}]*)\}\}$/.exec(source);
  if (whole) return run(whole[1] ?? '', scope);
  return source.replace(/\{\{([^}]*)\}\}/g, (_, inner: string) => String(run(inner, scope)));
}

const compiled = new Map<string, (scope: object) => Json>();

function run(text: string, scope: Scope): Json {
  const code =
    compiled.get(text) ?? (new Function('scope', `with (scope) { return (${text}); }`) as (scope: object) => Json);
  compiled.set(text, code);
  const names = new Proxy(
    {},
    {
      has: (_, name) => typeof name === 'string' && !['undefined', 'JSON', 'Object'].includes(name),
      get: (_, name) => (typeof name === 'string' ? look(name, scope) : undefined),
    },
  );
  return code(names);
}

function look(name: string, scope: Scope): Json {
  for (const [at, layer] of scope.layers.entries())
    if (Object.hasOwn(layer, name)) return compute(layer[name] as Value, { layers: scope.layers.slice(at) });
  throw new Error(`undefined variable ${name}`);
}
