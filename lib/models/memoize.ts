/** The same function, which computes its value for a key once. */
export function memoize<K, V>(compute: (key: K) => V): (key: K) => V {
  const computed = new Map<K, V>();
  return (key) => {
    const value = computed.get(key) ?? compute(key);
    computed.set(key, value);
    return value;
  };
}
