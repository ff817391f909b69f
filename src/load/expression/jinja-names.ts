// Ansible's own variables that have another name here, as paths: what is written in their place. The words of messages
// about a name that stands alone are in tables/ansible-facts.ts.
import { ANSIBLE_PATHS, insteadOfAnsible } from '../tables/ansible-facts.ts';
import type { Jinja } from './jinja.ts';

/** Names and members as they are called here, each as long a path as is known; everything else as it is. */
export function pathOf(node: Jinja): readonly string[] | null {
  const written = writtenPath(node);
  if (written === null) return null;
  for (let length = written.length; length > 0; length -= 1) {
    const key = written.slice(0, length).join('.');
    const ours = Object.hasOwn(ANSIBLE_PATHS, key) ? ANSIBLE_PATHS[key] : undefined;
    if (ours !== undefined) return [...ours.split('.'), ...written.slice(length)];
  }
  return written;
}

function writtenPath(node: Jinja): readonly string[] | null {
  if (node.is === 'name') return [node.name];
  const member = memberOf(node);
  if (member === null) return null;
  const above = writtenPath(member.of);
  return above === null ? null : [...above, member.name];
}

/** `.name`, `['name']` and `[0]` alike. */
function memberOf(node: Jinja): { readonly of: Jinja; readonly name: string } | null {
  if (node.is === 'member') return node;
  if (node.is !== 'item' || node.index.is !== 'literal' || node.index.kind === 'constant') return null;
  const { kind, written } = node.index;
  return { of: node.of, name: kind === 'text' ? written.slice(1, -1) : written };
}

/** What is left of Ansible's own names in words that are offered: a line of help for each. */
export function ansibleNamesIn(text: string): readonly string[] {
  const bare = text.replaceAll(/"[^"]*"|'[^']*'/g, '""');
  const names = new Set([...bare.matchAll(/\bansible_\w+(?:\.\w+)*/g)].map(([name]) => name));
  return [...names].flatMap(name => {
    const instead = insteadOfAnsible(name.split('.'));
    return instead === null ? [] : [`${name}: ${instead}`];
  });
}
