/** Classes that Python could not use as keys. */
export const unhashable: readonly (new (...args: never[]) => object)[] = [];
