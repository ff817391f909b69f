// notify.webhook: post a text to a web address, from this side. Nobody can look whether it was read, so it is done once,
// and one that had begun when the run broke off is unknown. `on_event` of a play tells what happens without any task.
import * as z from 'zod';
import { never } from '../text/never.ts';
import type { JsonObject } from '../text/json.ts';
import type { Posted } from '../model/ports.ts';
import { addressProblem, headerProblem, originOf } from '../text/web-address.ts';
import { stepOf } from './shape.ts';

const notifyArgs = () =>
  z.strictObject({
    url: z
      .string()
      .describe('an http or https address; a secret, of which only scheme and host are shown')
      .superRefine((url, context) => {
        const problem = addressProblem(url);
        if (problem !== null) context.addIssue({ code: 'custom', message: `can't be used: ${problem}` });
      }),
    text: z.string().min(1).describe('what is told: "text" of the message, which chat tools show'),
    headers: z
      .record(z.string(), z.string())
      .default({})
      .describe('headers beside those that every message has; secrets, too')
      .superRefine((headers, context) => {
        for (const name of Object.keys(headers)) {
          const problem = headerProblem(name);
          if (problem !== null) context.addIssue({ code: 'custom', message: `can't be used: ${problem}` });
        }
      }),
  });
type NotifyArgs = z.infer<ReturnType<typeof notifyArgs>>;

const where = ({ url }: NotifyArgs): string => `tell ${originOf(url)}`;

export const notifyWebhook = stepOf<NotifyArgs, Record<string, never>>({
  name: 'notify.webhook',
  summary: 'post a text to a web address, from this side',
  args: notifyArgs,
  returns: () =>
    z.looseObject({
      status: z.number().nullable().describe('what was answered; nothing when there was no answer'),
      msg: z.string().describe('what became of it'),
    }),
  staysHere: true,
  needsFacts: false,
  limitMs: () => 60_000,
  say: args => `${where(args)}: "${args.text}"`,
  foresee: () => ({ is: 'unknown', why: 'nobody can look whether it was read' }),
  // Without the text: under no_log nobody may read that, either.
  check: args => Promise.resolve({ is: 'unsure', seen: {}, text: where(args) }),
  undo: () => ({ is: 'left', why: 'what was told stays told' }),
  async apply({ url, text, headers }, _seen, { post, run, host, now }) {
    const time = new Date(now()).toISOString();
    const posted = await post({ url, headers, body: JSON.stringify({ event: 'notify', time, run, host, text }) });
    return { is: 'answered', reply: replyOf(posted) };
  },
  result: (args, _before, _after, reply) => resultOf(originOf(args.url), reply),
});

function replyOf(posted: Posted): JsonObject {
  switch (posted.is) {
    case 'taken':
      return { status: posted.status, why: null };
    case 'declined':
      return { status: posted.status, why: posted.why };
    case 'not-sent':
      return { status: null, why: posted.why };
    case 'unanswered':
      return { status: null, why: `${posted.why}; nobody knows whether it was read` };
    default:
      return never(posted);
  }
}

function resultOf(origin: string, reply: JsonObject | null): JsonObject {
  const status = reply?.['status'] ?? null;
  const why = reply?.['why'];
  if (typeof why !== 'string') return { changed: true, failed: false, status, msg: `${origin} was told` };
  const msg = `${origin} was not told: ${why}`;
  return { changed: false, failed: true, status, msg, message: msg };
}
