import { expect } from 'chai';
import { mappingOf } from '../../src/load/task/free-form.ts';

describe('arguments in the older way', () => {
  const cases: readonly (readonly [text: string, bare: string | null, mapping: string])[] = [
    ['src=a dest=/b mode=644', null, '{ src: a, dest: /b, mode: 0644 }'],
    ['path={{ app_dir }}/{{ item }} state=directory', null, '{ path: "{{ app_dir }}/{{ item }}", state: directory }'],
    ['prompt="go on?"', null, '{ prompt: "go on?" }'],
    ['line="{{ a }} {{ b }}" create=yes', null, '{ line: "{{ a }} {{ b }}", create: yes }'],
    ['count={{ out.stdout_lines | length }}', null, '{ count: "{{ out.stdout_lines | length }}" }'],
    ['var=st.stat.exists', 'msg', '{ var: st.stat.exists }'],
    ['msg="many"', 'msg', '{ msg: "many" }'],
    ['touch /x creates=/x', 'cmd', '{ cmd: touch /x, creates: /x }'],
    ['msg=\'say "x"\'', 'msg', `{ msg: 'say "x"' }`],
  ];
  for (const [text, bare, mapping] of cases)
    it(`${text} is ${mapping}`, () => expect(mappingOf(text, bare)).to.equal(mapping));
});
