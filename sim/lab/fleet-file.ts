// Finds the fleet that the operator named: a file, or a shipped one by its name.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateFleet } from '../world/generate.ts';
import { FleetError, readFleet } from '../world/read.ts';
import type { FleetSpec } from '../world/spec.ts';
import type { FleetWish } from './words.ts';

export type Found =
  | { readonly is: 'fleet'; readonly spec: FleetSpec }
  /** One line each, to be shown as they are. */
  | { readonly is: 'wrong'; readonly lines: readonly string[] };

const ENDING = '.yaml';

/** The folder of fleets: in the repository, or beside the built program. */
const HERE = dirname(fileURLToPath(import.meta.url));
const SHIPPED = [resolve(HERE, '..', '..', 'clusters'), resolve(HERE, 'clusters')].find(existsSync) ?? HERE;

export function findFleet(wish: FleetWish): Found {
  if (wish.is === 'made') return { is: 'fleet', spec: generateFleet(wish) };
  for (const path of [wish.name, wish.name + ENDING, join(SHIPPED, wish.name + ENDING), join(SHIPPED, wish.name)]) {
    const text = textOf(path);
    if (text !== null) return parsed(path, text);
  }
  return { is: 'wrong', lines: [`no fleet file ${wish.name}; shipped are: ${shipped().join(', ')}`] };
}

function parsed(path: string, text: string): Found {
  try {
    return { is: 'fleet', spec: readFleet(text) };
  } catch (error) {
    if (!(error instanceof FleetError)) throw error;
    return { is: 'wrong', lines: error.mistakes.map(mistake => `${path}: ${mistake}`) };
  }
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EISDIR')) return null;
    throw error;
  }
}

function shipped(): readonly string[] {
  try {
    return readdirSync(SHIPPED)
      .filter(name => name.endsWith(ENDING))
      .map(name => basename(name, ENDING))
      .sort();
  } catch {
    return [];
  }
}
