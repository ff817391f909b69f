// Numbers without a pattern, the same each time (a linear congruential generator): what stands in for chance in a search.

export type Next = (below: number) => number;

export function numbers(): Next {
  let state = 1;
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * below);
  };
}
