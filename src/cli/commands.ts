// The command line: which subcommand, with which options. Each subcommand is loaded when it is asked for, so that
// `--help` and `check` never load what only a run needs. Nothing is done here: what was asked for is handed back.
import { Command, Option } from 'commander';
import { EXIT, type Exit } from './exit.ts';
import {
  FORMS,
  formOf,
  knowing,
  listingOf,
  placingOf,
  planning,
  type Raw,
  reading,
  running,
  runningOf,
  type Running,
  selecting,
  selectingOf,
  telling,
  withPassword,
  words,
} from './options.ts';
import type { Speech } from './speech.ts';

/** What a command line asks for. */
export type Action = () => Promise<Exit>;

type Choose = (action: Action) => void;

/** What each subcommand is added with. */
interface Given {
  readonly program: Command;
  readonly speech: Speech;
  readonly choose: Choose;
}

export function programFor(speech: Speech, choose: Choose): Command {
  const program = new Command('zoneferry')
    .description('rolling maintenance of Oracle Solaris 11.4 zone hosts over SSH, as playbooks')
    .version('', '-V, --version')
    .exitOverride()
    .configureOutput({ writeOut: text => speech.out(text), writeErr: text => speech.err(text) })
    .showSuggestionAfterError()
    .showHelpAfterError('(zoneferry --help shows what there is)');
  const given: Given = { program, speech, choose };
  addPlaybookCommands(given);
  addRunCommands(given);
  addHostCommands(given);
  addWordCommands(given);
  program.command('lab').description('a simulated fleet to try all this on (zoneferry lab --help)');
  return program;
}

/** An option with a value that it can't have is told, and nothing is done. */
function withOptions({ speech, choose }: Given, raw: Raw, act: (options: Running) => Promise<Exit>): void {
  choose(() => {
    const read = runningOf(raw);
    if (read.is === 'ok') return act(read.value);
    speech.err(`zoneferry: ${read.message}\n`);
    return Promise.resolve(EXIT.wrong);
  });
}

function addPlaybookCommands(given: Given): void {
  const { program, speech, choose } = given;
  reading(program.command('check <playbook...>'))
    .description('read playbook and inventory, say everything that is wrong; no host is asked')
    .addOption(
      new Option('--format <form>', 'drawn, or for a program: json, github, sarif').choices(FORMS).default('drawn'),
    )
    .option('--json', 'short for --format json')
    .action((playbooks: string[], raw: Raw) =>
      withOptions(given, raw, async options =>
        (await import('./check.ts')).check(speech, options, playbooks, formOf(raw)),
      ),
    );
  const planCommand = program.command('plan <playbook...>');
  planning(planCommand)
    .description('observe the hosts and show what a run would do')
    .option('--out <file>', 'write the plan, to be run later')
    .action((playbooks: string[], raw: Raw) =>
      withOptions(given, raw, async options => (await import('./plan.ts')).plan(speech, options, playbooks)),
    );
  planCommand
    .command('diff <one> <other>')
    .description('what two saved plans do differently: exit 0 nothing, 8 something')
    .action((one: string, other: string) =>
      choose(async () => (await import('./plan-diff.ts')).planDiff(speech, [one, other])),
    );
  addPlaceCommand(given);
  running(planning(program.command('run <playbook...>')))
    .description('plan, show, ask, carry out; or carry out a saved plan.json')
    .action((playbooks: string[], raw: Raw) =>
      withOptions(given, raw, async options => (await import('./run.ts')).run(speech, options, playbooks)),
    );
}

const PLACE_EXAMPLES = `
Examples:
  zoneferry facts --out fleet.json
  zoneferry place --facts fleet.json --out nacaozumbi,bjork
  zoneferry place --facts fleet.json --out nacaozumbi -i inventory/      with its rules for zones

exit 0: yes; 5: no; 2: the command line or a file is wrong
`;

/** The planner without a playbook. */
function addPlaceCommand({ program, speech, choose }: Given): void {
  knowing(program.command('place'))
    .description('can these hosts be taken out, and where does everything go? from a facts file; no host is asked')
    .requiredOption('--facts <file>', 'what `zoneferry facts --out` wrote')
    .requiredOption('--out <hosts>', 'hosts to be taken out together, with commas', words)
    .addOption(
      new Option('--policy <policy>', 'how zones choose their hosts').choices(['spread', 'pack']).default('spread'),
    )
    .option('--exact', 'look for better destinations with an exact solver, and say how good they are')
    .option('--make-room', 'also tell which zones of other hosts to move first, if only that helps')
    .option('-v, --verbose', 'every zone and host, however many')
    .option('--json', 'JSON on standard output')
    .addHelpText('after', PLACE_EXAMPLES)
    .action((raw: Raw) => choose(async () => (await import('./place.ts')).place(speech, placingOf(raw))));
}

function addRunCommands(given: Given): void {
  const { program, speech, choose } = given;
  running(telling(program.command('resume <run>')))
    .description('look at the hosts and go on with a run that was cut, stopped or is stuck')
    .action((id: string, raw: Raw) =>
      withOptions(given, raw, async options => (await import('./resume.ts')).resume(speech, options, id)),
    );
  running(telling(program.command('rollback <run>')))
    .description('put back what a run did')
    .action((id: string, raw: Raw) =>
      withOptions(given, raw, async options => (await import('./resume.ts')).rollback(speech, options, id)),
    );
  program
    .command('runs')
    .description('the runs of this controller, newest first')
    .option('--json', 'JSON on standard output')
    .action((raw: Raw) => choose(async () => (await import('./runs.ts')).runs(speech, raw['json'] === true)));
  program
    .command('show <run>')
    .description('what a run did, from its journal')
    .option('--json', "the journal's lines")
    .option('-v, --verbose', 'also what changed nothing, and what the hosts said')
    .action((id: string, raw: Raw) =>
      choose(async () =>
        (await import('./runs.ts')).show(speech, id, { json: raw['json'] === true, verbose: raw['verbose'] === true }),
      ),
    );
}

/** What there is: hosts as the inventory has them, and as they are. */
function addHostCommands({ program, speech, choose }: Given): void {
  withPassword(selecting(program.command('facts [hosts]')))
    .description('ask hosts for their facts')
    .option('--out <file>', 'write them as a facts file')
    .option('--json', 'JSON on standard output')
    .action((pattern: string | undefined, raw: Raw) =>
      choose(async () =>
        (await import('./facts.ts')).facts(speech, {
          ...selectingOf(raw),
          pattern: pattern ?? 'all',
          out: typeof raw['out'] === 'string' ? raw['out'] : null,
          json: raw['json'] === true,
          askBecomePass: raw['askBecomePass'] === true,
        }),
      ),
    );
  withPassword(selecting(program.command('status [hosts]')))
    .description('how the hosts are: release, boot environment, who closed them, zones that are away')
    .action((pattern: string | undefined, raw: Raw) =>
      choose(async () =>
        (await import('./facts.ts')).status(speech, {
          ...selectingOf(raw),
          pattern: pattern ?? 'all',
          askBecomePass: raw['askBecomePass'] === true,
        }),
      ),
    );
  selecting(program.command('inventory'))
    .description('the inventory as it was read')
    .option('--list', 'all hosts (this is the default)')
    .option('--host <name>', 'the variables of one host, as ansible-inventory --host prints them')
    .option('--graph [group]', 'the tree of groups, as ansible-inventory --graph prints it')
    .option('--format <kind>', 'text, or ansible: the JSON of ansible-inventory --list', 'text')
    .option('--playbook-dir <folder>', 'with the group_vars and host_vars that lie there')
    .action((raw: Raw) => choose(async () => (await import('./inventory.ts')).inventory(speech, listingOf(raw))));
}

const EXPLAIN_EXAMPLES = `
Examples:
  zoneferry explain                                          all codes
  zoneferry explain unknown-key                              one code, with a wrong and a right file
  zoneferry explain var boot_limit --host bjork              from the inventory
  zoneferry explain var boot_limit site.yml --host bjork     also from the playbook
`;

/** What words mean: of the language, and of this program when it finds something wrong. */
function addWordCommands({ program, speech, choose }: Given): void {
  const explain = program
    .command('explain [code]')
    .description("a diagnostic's code, with examples; without one, all codes; or where a variable's value is from")
    .addHelpText('after', EXPLAIN_EXAMPLES)
    .action((code: string | undefined) =>
      choose(async () => (await import('./explain.ts')).explain(speech, code ?? null)),
    );
  knowing(explain.command('var <name> [playbook...]'))
    .description('where the value of a variable is from, and what it hides')
    .requiredOption('--host <name>', 'whose variable')
    .action((name: string, playbooks: string[], raw: Raw) =>
      choose(async () => {
        const wanted = { ...selectingOf(raw), name, host: String(raw['host']), playbooks };
        return (await import('./explain-var.ts')).explainVar(speech, wanted);
      }),
    );
  program
    .command('schema [what]')
    .description('the JSON Schema of a playbook, or of an inventory, for editors')
    .action((what: string | undefined) =>
      choose(async () => (await import('./schema.ts')).schema(speech, what ?? 'playbook')),
    );
  program
    .command('steps [name]')
    .description('the steps a task may name; one of them in full')
    .action((name: string | undefined) => choose(async () => (await import('./steps.ts')).steps(speech, name ?? null)));
}
