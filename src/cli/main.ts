// The program: the command line is read, what it asks for is done, and what goes wrong then is told. Only here is a bug
// caught. Which subcommands there are stands in commands.ts.
import { fileURLToPath } from 'node:url';
import { CommanderError } from 'commander';
import { inSources } from '../edge/positions.ts';
import { stateRoot } from '../edge/state-folder.ts';
import { type Action, programFor } from './commands.ts';
import { EXIT } from './exit.ts';
import { type Begun, processSpeech, type Speech, toldBy } from './speech.ts';
import { isOfTheSystem } from './system-error.ts';

/** @param args without node and the program. */
export async function main(args: readonly string[], speech: Speech = processSpeech()): Promise<number> {
  // The lab is a program of its own, with its own words.
  if (args[0] === 'lab') return (await import('./lab.ts')).lab(args.slice(1));
  const chosen: { action: Action | null } = { action: null };
  const runs: Begun[] = [];
  const begun = (run: Begun): void => {
    runs.push(run);
    speech.begun(run);
  };
  const program = programFor({ ...speech, begun }, action => {
    chosen.action = action;
  });
  try {
    program.parse([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.wrong;
    throw error;
  }
  if (chosen.action === null) return EXIT.wrong;
  try {
    return await chosen.action();
  } catch (error) {
    const [run] = runs;
    if (isOfTheSystem(error) && run !== undefined) {
      speech.err(`zoneferry: ${error.message}; run ${run.id} had begun: ${toldBy(run)}\n`);
      return EXIT.stuck;
    }
    if (isOfTheSystem(error)) {
      speech.err(`zoneferry: ${error.message}; nothing was touched\n${aboutState(speech, error)}`);
      return EXIT.wrong;
    }
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const told = inSources(stack, fileURLToPath(import.meta.url));
    speech.err(`zoneferry: this is a bug in zoneferry, not in your files; journals are as they were\n${told}\n`);
    return EXIT.bug;
  }
}

/** An error of the state folder names a file in it at best: which folder that is, and how to take another. */
function aboutState({ env }: Speech, error: NodeJS.ErrnoException): string {
  const root = stateRoot(env);
  if (error.path !== undefined && !error.path.startsWith(root)) return '';
  return `the state folder is ${root}; ZONEFERRY_STATE=FOLDER takes another\n`;
}
