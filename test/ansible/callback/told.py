# What Ansible did, a line an ending: host, task, item, how it ended. In the order in which Ansible says it.
import json
import sys

from ansible import constants as C
from ansible.plugins.callback import CallbackBase


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = 'stdout'
    CALLBACK_NAME = 'told'

    def _tell(self, result, how, item=None):
        # Words to the runner are no work; of a file of tasks only what is in it counts, unless it was skipped.
        action = result._task.action
        if action in C._ACTION_META or (action in C._ACTION_ALL_INCLUDES + C._ACTION_INCLUDE_ROLE and how != 'skipped'):
            return
        line = {'host': result._host.get_name(), 'task': result.task_name, 'how': how, 'item': item}
        sys.stdout.write(json.dumps(line) + '\n')
        sys.stdout.flush()

    def _good(self, result):
        return 'changed' if result._result.get('changed') else 'ok'

    def v2_runner_on_ok(self, result):
        if 'results' not in result._result or not result._task.loop:
            self._tell(result, self._good(result))

    def v2_runner_on_failed(self, result, ignore_errors=False):
        if 'results' not in result._result or not result._task.loop:
            self._tell(result, 'failed')

    def v2_runner_on_skipped(self, result):
        self._tell(result, 'skipped')

    def v2_runner_on_unreachable(self, result):
        self._tell(result, 'unreachable')

    def v2_runner_item_on_ok(self, result):
        self._tell(result, self._good(result), True)

    def v2_runner_item_on_failed(self, result):
        self._tell(result, 'failed', True)

    def v2_runner_item_on_skipped(self, result):
        self._tell(result, 'skipped', True)
