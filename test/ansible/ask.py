# Asks Ansible itself, one question a line: what `ansible-inventory --list` prints for these sources, and which hosts
# these patterns select. One process for many questions, since starting Ansible takes longer than its answer.
import contextlib
import io
import json
import os
import sys

from ansible import __version__, context
from ansible.cli.inventory import InventoryCLI
from ansible.errors import AnsibleError
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader

# Ansible keeps the words of its first call for good; here each question has its own.
context._init_global_context = lambda words: setattr(context, 'CLIARGS', context.CLIArgs.from_options(words))


def listed(question):
    words = ['ansible-inventory', '--list']
    for source in question['sources']:
        words += ['-i', source]
    if question.get('playbookFolder'):
        words += ['--playbook-dir', question['playbookFolder']]
    for extra in question.get('extra', []):
        words += ['-e', extra]
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        try:
            InventoryCLI(words).run()
        except SystemExit:
            pass
    # JSON has no infinity: it comes as a text.
    return json.loads(printed.getvalue(), parse_constant=str)


def selected(question):
    loader = DataLoader()
    answers = []
    for pattern, limit in question.get('patterns', []):
        # Answers are remembered by pattern, so each gets a manager of its own.
        manager = InventoryManager(loader=loader, sources=question['sources'])
        try:
            manager.subset(limit)
            answers.append([host.name for host in manager.get_hosts(pattern)])
        except (AnsibleError, IndexError) as error:
            answers.append({'error': str(error)})
    return answers


for line in sys.stdin:
    question = json.loads(line)
    os.chdir(question['folder'])
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            answer = {'list': listed(question), 'patterns': selected(question)}
    except Exception as error:
        answer = {'error': str(error)}
    print(json.dumps(dict(answer, version=__version__)), flush=True)
