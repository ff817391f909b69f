// Toy hosts behind a wire that can be listened to, held back, and made to answer otherwise.
import type { Ended } from '../../src/model/command.ts';
import type { HostName } from '../../src/model/ids.ts';
import type { Host } from '../../src/model/ports.ts';
import { Toy } from './toy.ts';

export class Wire {
  readonly toy: Toy;
  /** `host: line` of each command that reached a host, in the order in which they came. */
  readonly lines: string[] = [];
  readonly #held = new Map<string, () => void>();
  readonly #answer: (line: string, nth: number) => Ended | 'held' | null;

  /** @param answer for a command as `host: line`, the n-th of that text from 1: what comes instead of the toy's own answer, or whether it is held. */
  constructor(answer: (line: string, nth: number) => Ended | 'held' | null = () => null, toy = new Toy()) {
    this.#answer = answer;
    this.toy = toy;
  }

  readonly hosts = (name: HostName): Host => {
    const host = this.toy.host(name);
    return {
      ...host,
      exec: async (line, options) => {
        const words = `${name}: ${line.replace(/^LC_ALL=C /, '').replaceAll("'", '')}`;
        this.lines.push(words);
        const answer = this.#answer(words, this.lines.filter(one => one === words).length);
        if (answer === 'held') await new Promise<void>(resolve => this.#held.set(words, resolve));
        return answer === null || answer === 'held' ? host.exec(line, options) : answer;
      },
    };
  };

  /** Lets a held command go on, and everything that follows from it happen. */
  async release(words: string): Promise<void> {
    const go = this.#held.get(words);
    if (go === undefined) throw new Error(`nothing holds ${words}`);
    go();
    await settled();
  }
}

/** Everything that can happen without a clock has happened. */
export const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve));
