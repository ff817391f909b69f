// Values that decide or undo needs and nobody may read: sealed under the run's own key. Which fields of which event
// that is stands here, and nowhere else. Sealed fields keep their kind (object, list), so that every reader of events
// can read a sealed one; it only can't look inside.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Action, Undo } from '../model/action.ts';
import type { Event } from '../model/event.ts';
import { isObject, type Json, type JsonObject, parseJson, trusted } from '../text/json.ts';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export type Seal = { readonly sealed: string };

export function seal(value: Json, key: Uint8Array): Seal {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce);
  const body = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
  return { sealed: Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64') };
}

/** @throws when the key isn't the one it was sealed with, or a byte of it has changed. */
export function unseal(sealed: string, key: Uint8Array): Json {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  const body = bytes.subarray(NONCE_BYTES + TAG_BYTES);
  return parseJson(Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8'));
}

function sealOf(value: Json | undefined): string | null {
  if (!isObject(value) || Object.keys(value).length !== 1) return null;
  const text = value['sealed'];
  return typeof text === 'string' ? text : null;
}

/** How hidden fields are turned: `object` for arguments, environments and results, `list` for the items of a loop, `value` for an answer given at the start. */
interface Turn {
  object<T extends JsonObject>(value: T): T;
  list(items: readonly Json[]): readonly Json[];
  value(value: Json): Json;
}

function turnedUndo(undo: Undo, turn: Turn): Undo {
  if (undo.is !== 'steps') return undo;
  return { ...undo, steps: undo.steps.map(step => ({ ...step, args: turn.object(step.args) })) };
}

function turnedAction(action: Action, turn: Turn): Action {
  if (!action.hidden) return action;
  return { ...action, args: turn.object(action.args), environment: turn.object(action.environment) };
}

function turned<E extends Event>(event: E, turn: Turn): E {
  switch (event.type) {
    case 'action-started':
      if (!event.action.hidden) return event;
      return { ...event, action: turnedAction(event.action, turn), undo: turnedUndo(event.undo, turn) };
    case 'attempt-ended':
      return event.hidden ? { ...event, result: turn.object(event.result) } : event;
    case 'action-ended': {
      if (!event.hidden) return event;
      const born = event.born && turnedAction(event.born, turn);
      return { ...event, born, result: turn.object(event.result) };
    }
    case 'run-started': {
      const hidden = event.hidden ?? [];
      const pairs = Object.entries(event.values);
      const values = pairs.map(([name, json]) => [name, hidden.includes(name) ? turn.value(json) : json] as const);
      return hidden.length === 0 ? event : { ...event, values: Object.fromEntries(values) };
    }
    case 'loop-fixed':
      return event.hidden ? { ...event, items: turn.list(event.items) } : event;
    default:
      return event;
  }
}

/** The event with its hidden fields sealed; the very same object when it has none. */
export function sealEvent<E extends Event>(event: E, key: Uint8Array): E {
  return turned(event, {
    object: value => trusted(seal(value, key)),
    list: items => [seal(items, key)],
    value: json => ({ ...seal(json, key) }),
  });
}

/** The event as it was before it was sealed. @throws when the key isn't the run's own. */
export function openEvent<E extends Event>(event: E, key: Uint8Array): E {
  const open = <T extends Json>(value: T): T => {
    const sealed = sealOf(value);
    return sealed === null ? value : trusted(unseal(sealed, key));
  };
  return turned(event, {
    object: open,
    value: open,
    list: items =>
      items.length === 1 && sealOf(items[0]) !== null ? trusted(unseal(sealOf(items[0]) ?? '', key)) : items,
  });
}
