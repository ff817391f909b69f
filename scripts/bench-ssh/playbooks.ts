// The work of the benchmark as playbooks: zoneferry's and Ansible's differ only in how conditions are written, what a
// host's name is called, and in a word that Ansible doesn't have: that a command only looks.

/** `zoneferry-changes`: commands that only look are not said to, and are journaled before they are sent; files go one by one. */
export type Language = 'zoneferry' | 'zoneferry-changes' | 'ansible';

const head = (more = ''): string => `- hosts: all\n  gather_facts: false\n${more}  tasks:\n`;

/** Each command rests on what the one before said. */
function dependent(count: number, language: Language, more: string): string {
  const said = (number: number): string =>
    language === 'ansible' ? `'step' in r${number}.stdout` : `r${number}.stdout.contains('step')`;
  const holds = (number: number): string =>
    `      when: r${number}.rc == 0 ${language === 'ansible' ? 'and' : '&&'} ${said(number)}\n`;
  const step = (number: number): string =>
    [
      `    - name: step ${number}\n      shell: { cmd: echo step${number}${language === 'zoneferry' ? ', reads: true' : ''} }\n`,
      `      register: r${number}\n      changed_when: false\n`,
      number === 0 ? '' : holds(number - 1),
    ].join('');
  return head(more) + Array.from({ length: count }, (_, number) => step(number)).join('');
}

function once(line: string): string {
  return `${head()}    - command: ${line}\n      changed_when: false\n`;
}

/** As the tar stream sends them: a folder. */
function files(language: Language, folder: string): string {
  const dest = `${folder}/work/dest/${hostIn(language)}`;
  return `${head()}    - copy: { src: "${folder}/work/files/", dest: "${dest}" }\n`;
}

/** A task for each. */
function single(language: Language, folder: string): string {
  const dest = `${folder}/work/dest/${hostIn(language)}`;
  const copy = (number: number): string =>
    `    - copy: { src: "${folder}/work/f${number}", dest: "${dest}/f${number}" }\n`;
  return `${head()}    - file: { path: "${dest}", state: directory }\n${[0, 1, 2, 3, 4].map(copy).join('')}`;
}

const hostIn = (language: Language): string => `{{ ${language === 'ansible' ? 'inventory_hostname' : 'host.name'} }}`;

export type WorkName = 'w1' | 'w2' | 'w3' | 'w4' | 'w5' | 'w6';

export function playbook(work: WorkName, language: Language, folder: string): string {
  switch (work) {
    case 'w1':
      return once('"true"');
    case 'w2':
      return dependent(10, language, '');
    case 'w3':
      return language === 'zoneferry-changes' ? single(language, folder) : files(language, folder);
    case 'w4':
      return once('sleep 2');
    case 'w5':
      return dependent(5, language, '  serial: 1\n');
    case 'w6':
      return `${once('"true"')}    - pause: { seconds: 20 }\n`;
    default:
      throw new Error(`no such work: ${String(work)}`);
  }
}
