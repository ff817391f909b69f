// What the tests of the loader share: files in memory, a small fleet, and a toy catalogue whose steps check arguments
// and do nothing.
import { z } from 'zod';
import { loadInventory } from '../../src/load/inventory/inventory.ts';
import { type LoadedProgram, loadProgram, type ProgramOptions } from '../../src/load/playbook/playbook.ts';
import { stepName } from '../../src/model/ids.ts';
import type { Inventory } from '../../src/model/inventory.ts';
import type { Files } from '../../src/model/ports.ts';
import type { Catalogue, Step } from '../../src/model/step.ts';
import type { JsonObject } from '../../src/text/json.ts';
import { PLAIN_STEP } from '../model/plain-step.ts';

export function memoryFiles(texts: Readonly<Record<string, string>>): Files {
  return {
    real: path => Promise.resolve(path),
    isFolder: path => Promise.resolve(Object.keys(texts).some(one => one.startsWith(`${path}/`))),
    async read(path) {
      const text = Object.hasOwn(texts, path) ? texts[path] : undefined;
      return text === undefined ? { is: 'missing', why: 'there is no such file' } : { is: 'text', text };
    },
    async list(dir) {
      const prefix = dir === '.' ? '' : `${dir}/`;
      const inside = Object.keys(texts).filter(path => path.startsWith(prefix));
      return [...new Set(inside.map(path => path.slice(prefix.length).split('/')[0] ?? ''))].sort();
    },
  };
}

interface Toy {
  readonly args?: z.ZodType;
  readonly returns?: z.ZodType;
  readonly bare?: string;
  readonly shell?: readonly string[];
  readonly conditions?: readonly string[];
  readonly templateFiles?: Step['templateFiles'];
}

function toy(name: string, { args, returns, bare, shell, conditions, templateFiles }: Toy): Step {
  return {
    ...PLAIN_STEP,
    name: stepName(name),
    summary: `a toy ${name}`,
    args: () => (args ?? z.record(z.string(), z.json())) as z.ZodType<JsonObject>,
    returns: () => returns ?? z.record(z.string(), z.json()),
    bareArgument: bare ?? null,
    shellArguments: shell ?? [],
    conditionArguments: conditions ?? [],
    templateFiles: templateFiles ?? [],
    needsFacts: false,
    limitMs: () => 1000,
    say: () => name,
    check: async () => ({ is: 'done', seen: {}, text: '' }),
    apply: async () => ({ is: 'applied', reply: {} }),
  };
}

const COMMAND_RESULT = z.strictObject({
  rc: z.number(),
  stdout: z.string(),
  stdout_lines: z.array(z.string()),
  stderr: z.string(),
});

const STEPS: readonly Step[] = [
  toy('command', {
    args: z.strictObject({
      cmd: z.string().optional(),
      argv: z.array(z.string()).optional(),
      creates: z.string().optional(),
      reads: z.boolean().optional(),
    }),
    returns: COMMAND_RESULT,
    bare: 'cmd',
    shell: ['cmd'],
  }),
  toy('shell', { args: z.strictObject({ cmd: z.string() }), returns: COMMAND_RESULT, bare: 'cmd', shell: ['cmd'] }),
  toy('copy', {
    args: z.strictObject({
      ...{ dest: z.string(), content: z.string(), mode: z.union([z.string(), z.int()]).optional() },
      directory_mode: z.string().optional(),
    }),
  }),
  toy('template', {
    args: z.strictObject({ src: z.string(), dest: z.string(), text: z.string() }),
    templateFiles: [{ path: 'src', text: 'text' }],
  }),
  toy('assert', {
    args: z.strictObject({ that: z.array(z.boolean()), msg: z.string().optional() }),
    conditions: ['that'],
  }),
  toy('debug', { args: z.strictObject({ msg: z.string() }) }),
  toy('set_fact', {}),
  toy('be.update', {
    args: z.strictObject({
      be_name: z.string(),
      packages: z.array(z.string()).optional(),
      accept: z.boolean().optional(),
    }),
    returns: z.strictObject({ be: z.string(), built: z.boolean(), pending: z.boolean() }),
  }),
  toy('maintenance.begin', { args: z.strictObject({ message: z.string() }) }),
  toy('maintenance.end', { args: z.strictObject({}) }),
  toy('zones.target', {
    args: z.strictObject({
      which: z.enum(['running', 'all']),
      batch: z.int().optional(),
      dry_run: z.boolean().optional(),
    }),
  }),
  toy('zones.evacuate', {
    args: z.strictObject({
      which: z.enum(['running', 'all']),
      batch: z.int().min(1).optional(),
      dry_run: z.boolean().optional(),
    }),
  }),
  toy('zones.return', { args: z.strictObject({ which: z.enum(['recorded']) }) }),
];

const CATALOGUE: Catalogue = {
  names: STEPS.map(step => step.name),
  get: name => STEPS.find(step => step.name === name) ?? null,
};

const HOSTS = `all:
  vars: { user: root, boot_limit: 45m }
  children:
    zonehosts:
      hosts:
        nacaozumbi: { rack: r1 }
        bjork: { rack: r2, owner: ops }
    ldoms:
      hosts: { tzone1: {} }
`;

export async function fleet(text: string = HOSTS): Promise<Inventory> {
  const loaded = await loadInventory(memoryFiles({ 'hosts.yml': text }), ['hosts.yml']);
  if (loaded.inventory === null) throw new Error(JSON.stringify(loaded.diagnostics));
  return loaded.inventory;
}

export type Change = Partial<Omit<ProgramOptions, 'files'>>;

/** Loads `site.yml` out of these files. */
export async function load(texts: Readonly<Record<string, string>>, change: Change = {}): Promise<LoadedProgram> {
  const usual = {
    catalogue: CATALOGUE,
    inventory: await fleet(),
    playbooks: ['site.yml'],
    extra: {},
    limit: null,
    tags: [],
    skipTags: [],
  };
  return loadProgram({ ...usual, ...change, files: memoryFiles(texts) });
}

/** A play on every host with these tasks, written as YAML at the left edge. */
export function play(tasks: string, more = ''): string {
  const indented = tasks.replaceAll(/^(?=.)/gm, '    ');
  return `- hosts: all\n${more.replaceAll(/^(?=.)/gm, '  ')}  tasks:\n${indented}`;
}
