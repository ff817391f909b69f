// Another method in the place of one that somebody else's object has, where it has no option for what is wanted.
type Args = readonly unknown[];
type Method = (...args: Args) => unknown;

/** Of an object without such a method nothing is changed. @param instead gets the method that was there, and what it is called with. */
export function patch(of: unknown, name: string, instead: (before: Method, args: Args) => unknown): void {
  if (typeof of !== 'object' || of === null) return;
  const before: unknown = Reflect.get(of, name);
  if (typeof before !== 'function') return;
  const call: Method = (...args) => Reflect.apply(before, of, args);
  Reflect.set(of, name, (...args: Args) => instead(call, args));
}
