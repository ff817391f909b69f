// wait_for: until a path is there or gone, a file holds a text, a port answers or doesn't. Nothing is changed; it really
// waits under --check too. Ports are tried from the host, as Ansible does it.
import * as z from 'zod';
import type { Answer } from '../model/refusal.ts';
import type { Looker } from '../model/step.ts';
import { bounded, SIMPLER } from '../text/bounded.ts';
import { durationText } from '../text/duration.ts';
import { duration, ms } from './fields.ts';
import { contentOf, lookAt, pathField } from './place.ts';
import { yesOrNo } from './ran.ts';
import { type Found, neverApplied, NOTHING_TO_UNDO, stepOf } from './shape.ts';
import { expression, isExpression } from './line-edit.ts';

const waitArgs = () =>
  z
    .strictObject({
      path: pathField('a path on the host').nullable().default(null),
      port: z.number().int().min(1).max(65_535).nullable().default(null).describe('a TCP port, tried from the host'),
      host: z
        .string()
        .regex(/^[\w.:-]+$/, 'a name or an address')
        .default('127.0.0.1')
        .describe('whose port, as the host sees it'),
      state: z
        .enum(['started', 'present', 'stopped', 'absent'])
        .default('started')
        .describe('until it is there or answers (started, present), or is gone or refuses (stopped, absent)'),
      search: z.string().min(1).nullable().default(null).describe('until a line of the file holds this text'),
      search_regex: z
        .string()
        .min(1)
        .refine(isExpression, "a regular expression that can't be read")
        .nullable()
        .default(null)
        .describe('the same, as a regular expression'),
      timeout: duration('give up after', '5m'),
      delay: duration('wait so long before the first look', '0s'),
      sleep: duration('look again after', '1s'),
      connect_timeout: duration('how long one try of a port may take', '5s'),
      msg: z.string().nullable().default(null).describe('said when the time is over'),
    })
    .refine(args => (args.path === null) !== (args.port === null), 'give path or port, one of the two')
    .refine(
      args => args.path !== null || (args.search === null && args.search_regex === null),
      'search and search_regex go with path',
    );
type WaitArgs = z.infer<ReturnType<typeof waitArgs>>;

type Seen = { readonly elapsedMs: number };

export const waitFor = stepOf<WaitArgs, Seen>({
  name: 'wait_for',
  summary: 'wait until a path is there or gone, a file holds a text, or a port answers or not',
  args: waitArgs,
  returns: () =>
    z.object({
      elapsed: z.number().describe('seconds waited'),
      path: z.string().nullable(),
      port: z.number().nullable(),
      state: z.string(),
    }),
  bareArgument: 'path',
  notOurs: {
    active_connection_states: 'leave it out: connections are not counted; ask "netstat" in a "command" with "until"',
    exclude_hosts: 'leave it out: connections are not counted; ask "netstat" in a "command" with "until"',
  },
  reads: true,
  needsFacts: false,
  limitMs: args => ms(args.delay) + ms(args.timeout) + ms(args.connect_timeout) + 60_000,
  say: args => `wait until ${wanted(args)}`,
  foresee: args => ({ is: 'unknown', why: `it waits until ${wanted(args)}` }),
  check: (args, looker) => waitFound(args, looker),
  undo: () => NOTHING_TO_UNDO,
  apply: neverApplied('wait_for'),
  result: ({ path, port, state }, before) => ({
    ...{ changed: false, failed: false, skipped: false, path, port, state },
    elapsed: before.elapsedMs / 1000,
  }),
});

const isGoneWanted = ({ state }: WaitArgs): boolean => state === 'absent' || state === 'stopped';

function wanted(args: WaitArgs): string {
  const isGone = isGoneWanted(args);
  if (args.port !== null) return `port ${args.port} of ${args.host} ${isGone ? "doesn't answer" : 'answers'}`;
  const text = args.search ?? args.search_regex;
  const path = args.path ?? '';
  if (text === null) return `${path} is ${isGone ? 'gone' : 'there'}`;
  return `${path} ${isGone ? 'no longer holds' : 'holds'} ${JSON.stringify(text)}`;
}

async function waitFound(args: WaitArgs, looker: Looker): Promise<Found<Seen>> {
  const started = looker.now();
  if (ms(args.delay) > 0) await looker.sleep(ms(args.delay));
  for (;;) {
    const answer = await isSo(args, looker);
    if (answer.is === 'no') return { is: 'no-answer', refusal: answer.refusal };
    const elapsedMs = looker.now() - started;
    const { value } = answer;
    if (value === 'too slow') {
      const why = `its regular expression takes too long on ${args.path ?? ''}: ${SIMPLER}`;
      return { is: 'blocked', seen: { elapsedMs }, why };
    }
    if (value !== 'nobody' && value !== isGoneWanted(args))
      return { is: 'done', seen: { elapsedMs }, text: wanted(args) };
    const doubt = value === 'nobody' ? `; ${args.host} can't be resolved there` : '';
    const why = args.msg ?? `not after ${durationText(elapsedMs)}: ${wanted(args)}${doubt}`;
    if (elapsedMs >= ms(args.timeout)) return { is: 'blocked', seen: { elapsedMs }, why };
    if (looker.stopping()) return { is: 'blocked', seen: { elapsedMs }, why: `${why} (stopped)` };
    await looker.sleep(ms(args.sleep));
  }
}

/** `nobody`: the host's name leads nowhere, so nothing is known. `too slow`: its regular expression finds no end. */
type Is = boolean | 'nobody' | 'too slow';

/** Is it there, does it answer, does it hold the text? */
function isSo(args: WaitArgs, looker: Looker): Promise<Answer<Is>> {
  return args.port === null ? holds(args, args.path ?? '', looker) : answers(args, args.port, looker);
}

const TRY_PORT = 'if (exec 3<>"/dev/tcp/$1/$2"); then echo yes; else echo no; fi';

// Nothing is sent: a UDP socket needs an address and no answer. A name that leads nowhere fails like a port that is shut.
const TRY_NAME = 'if (exec 3<>"/dev/udp/$1/$2"); then echo yes; else echo no; fi';

// ksh93 and bash know the path; the sh of other systems doesn't.
async function answers(args: WaitArgs, port: number, looker: Looker): Promise<Answer<boolean | 'nobody'>> {
  const connected = await tries(TRY_PORT, args, port, looker);
  if (connected.is === 'no' || connected.value || !isGoneWanted(args) || isAddress(args.host)) return connected;
  const resolved = await tries(TRY_NAME, args, port, looker);
  return resolved.is === 'ok' && !resolved.value
    ? { is: 'ok', value: 'nobody' }
    : resolved.is === 'ok'
      ? connected
      : resolved;
}

const isAddress = (host: string): boolean => /^[\d.]+$/.test(host) || host.includes(':');

async function tries(text: string, args: WaitArgs, port: number, looker: Looker): Promise<Answer<boolean>> {
  const argv = ['/usr/bin/bash', '-c', text, 'bash', args.host, String(port)];
  const answer = await looker.ask(yesOrNo(argv), { limitMs: Math.max(1, ms(args.connect_timeout)) });
  if (answer.is === 'ok') return answer;
  return answer.refusal.is === 'timed-out' ? { is: 'ok', value: false } : answer;
}

async function holds(args: WaitArgs, path: string, looker: Looker): Promise<Answer<Is>> {
  const test = testOf(args);
  const answer = await lookAt(looker, path, { follow: true, want: test === null ? 'attributes' : 'digest' });
  if (answer.is === 'no') return answer;
  const place = answer.value;
  if (test === null || place.kind !== 'file') return { is: 'ok', value: test === null && place.attributes !== null };
  const content = await contentOf(looker, place);
  if (content.is === 'no') return content.answer;
  if (content.is !== 'bytes') return { is: 'ok', value: false };
  const text = Buffer.from(content.bytes).toString();
  const found = bounded(text.length, () => test(text));
  return { is: 'ok', value: found.is === 'too-slow' ? 'too slow' : found.value };
}

function testOf({ search, search_regex: regex }: WaitArgs): ((text: string) => boolean) | null {
  if (search !== null) return text => text.includes(search);
  if (regex === null) return null;
  const pattern = expression(regex);
  const each = new RegExp(pattern.source, `${pattern.flags.replace('m', '')}m`);
  return text => each.test(text);
}
