import type { Class, Serialization } from "../serialization.ts";

/** The objects around primitives, such as `new Number(1)`, each as its primitive. */
export const boxed: readonly Serialization<object>[] = [
  boxedOf(Number),
  boxedOf(String),
  boxedOf(Boolean),
  boxedOf(BigInt as unknown as Class<object>),
  boxedOf(Symbol as unknown as Class<object>),
];

function boxedOf(type: Class<object>): Serialization<object> {
  return {
    type: type.name!,
    class: type,
    exact: true,
    serialize: (value) => ({ header: value.valueOf() }),
    deserialize({ header }) {
      const value: object = Object(header);
      if (value === header || Object.getPrototypeOf(value) !== type.prototype) {
        throw new TypeError("it holds no primitive of its type");
      }
      return value;
    },
  };
}
