// Arguments that Ansible's modules have and our steps don't, where several steps share them: each with what to write
// instead. Those of one step alone stand with the step.

const NO_SELINUX = 'leave it out: Solaris has no SELinux';

export const SELINUX: Readonly<Record<string, string>> = {
  selevel: NO_SELINUX,
  serole: NO_SELINUX,
  setype: NO_SELINUX,
  seuser: NO_SELINUX,
  attributes: 'leave it out: file attributes are Linux\'s; on Solaris use "command: chmod S+..." with an undo',
  attr: 'leave it out: file attributes are Linux\'s; on Solaris use "command: chmod S+..." with an undo',
};
