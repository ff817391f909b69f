// The passwords that sudo may ask for: typed once for all hosts (-K), or said by the inventory for some; and the
// passphrases of keys, asked for when a login has no other key. They live in this process alone, as long as it does:
// neither plan nor journal has them, so a run that goes on is told them again.
import type { AskPassphrase } from '../edge/ssh/keyring.ts';
import { ask } from '../edge/terminal.ts';
import type { HostName } from '../model/ids.ts';
import { Secret } from '../text/secret.ts';
import { visible } from '../text/visible.ts';
import type { Speech } from './speech.ts';

export interface Passwords {
  /** What the inventory says of a host wins over what was typed for all. */
  of(host: HostName): Secret | null;
  /** Of a key file. */
  readonly ofKey: AskPassphrase;
  /** To be hidden wherever they come up. */
  readonly all: readonly Secret[];
}

/** null: it was asked for and not given; that has been told. */
export async function passwordsFor(
  speech: Speech,
  { askBecomePass }: { readonly askBecomePass: boolean },
  said: ReadonlyMap<HostName, Secret> = new Map(),
): Promise<Passwords | null> {
  const typed = askBecomePass ? await typedPassword(speech) : null;
  if (askBecomePass && typed === null) return null;
  return {
    of: host => said.get(host) ?? typed,
    ofKey: (path, wrong) => typedPassphrase(speech, path, wrong),
    all: [...said.values(), ...(typed === null ? [] : [typed])],
  };
}

async function typedPassword(speech: Speech): Promise<Secret | null> {
  if (!speech.interactive) {
    speech.err('-K asks for a password, and nobody is here to be asked: let the inventory say become_password\n');
    speech.err('nothing was touched\n');
    return null;
  }
  const answer = await ask('become password: ', true);
  if (answer !== null) return new Secret(answer);
  speech.err('no answer; nothing was touched\n');
  return null;
}

async function typedPassphrase(speech: Speech, path: string, wrong: boolean): Promise<Secret | null> {
  if (!speech.interactive) return null;
  if (wrong) speech.err('that is not the passphrase\n');
  const answer = await ask(`passphrase of ${visible(path)}: `, true);
  return answer === null || answer === '' ? null : new Secret(answer);
}
