// Ansible's older way to give arguments, `name=value name="two words"`, as the mapping to write instead: for messages.

/** A word of it: quotes and placeholders hold it together. */
const WORD = /(?:"[^"]*"|'[^']*'|\{\{.*?\}\}|\S)+/gs;

/** `{ src: a, dest: "{{b}}/c" }`; what is no pair stands for `bare`, if there is such an argument. */
export function mappingOf(text: string, bare: string | null): string {
  const words = [...text.matchAll(WORD)].map(([word]) => /^(\w+)=(.*)$/s.exec(word) ?? word);
  const rest = words.filter(word => typeof word === 'string').join(' ');
  const pairs = words.flatMap(word => (typeof word === 'string' ? [] : [`${word[1]}: ${written(word[1], word[2])}`]));
  const first = rest === '' || bare === null ? [] : [`${bare}: ${written(bare, rest)}`];
  return `{ ${[...first, ...pairs].join(', ')} }`;
}

function written(name = '', given = ''): string {
  const text = /^(["'])(.*)\1$/s.exec(given)?.[2] ?? given;
  // Here every mode is octal, in YAML only behind a 0.
  if (name === 'mode' && /^[1-7]\d{2}$/.test(text)) return `0${text}`;
  if (name !== 'msg' && /^[\w./-][\w./@%+=-]*(?: [\w./@%+=-]+)*$/.test(text)) return text;
  return text.includes('"') ? `'${text.replaceAll("'", "''")}'` : `"${text.replaceAll('\\', '\\\\')}"`;
}
