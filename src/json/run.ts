/**
 * Where the commas are between values whose text JSON.stringify made at once, or `undefined` if that cannot be told cheaply.
 *
 * Every value has to be an object with the same first name. Then `},{"name":` stands between any two of them. It cannot stand in
 * a string, where the quotes would be escaped; it may stand deeper in a value, but then there are more of them than there are
 * gaps between the values.
 *
 * @param text The text of the array, without its brackets.
 */
export function commasBetween(
  values: readonly unknown[],
  text: string,
): number[] | undefined {
  const name = firstName(values[0]);
  if (name === undefined) return undefined;
  for (const value of values) {
    if (firstName(value) !== name) return undefined;
  }
  const mark = `},{${JSON.stringify(name)}:`;
  const commas: number[] = [];
  for (let at = 0; (at = text.indexOf(mark, at)) >= 0;) commas.push(++at);
  return commas.length === values.length - 1 ? commas : undefined;
}

function firstName(value: unknown): string | undefined {
  if (typeof value !== "object" || Array.isArray(value)) return undefined;
  for (const name in value) return name;
  return undefined;
}
