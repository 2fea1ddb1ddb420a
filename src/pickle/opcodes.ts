/** How the argument of an opcode is written: a line of text, a number, or a length and as many bytes. */
export type ArgumentKind =
  | "none"
  | "decimal"
  | "float"
  | "string"
  | "unicode"
  | "line"
  | "name"
  | "u1"
  | "u2"
  | "u4"
  | "i4"
  | "u8"
  | "f8"
  | "long1"
  | "long4"
  | "string1"
  | "string4"
  | "text1"
  | "text4"
  | "text8"
  | "bytes1"
  | "bytes4"
  | "bytes8";

/** One instruction of pickle's stack machine. */
export interface Opcode {
  /** The byte. */
  readonly code: number;
  /** Its name in Python's `pickletools`. */
  readonly name: string;
  /** The first protocol that has it. */
  readonly protocol: number;
  /** How its argument is written. */
  readonly argument: ArgumentKind;
}

const row = (
  code: number,
  name: string,
  protocol: number,
  argument: ArgumentKind = "none",
): Opcode => ({ code, name, protocol, argument });

/** All 68, by their byte. */
export const OPCODES: readonly Opcode[] = [
  row(0x28, "MARK", 0),
  row(0x29, "EMPTY_TUPLE", 1),
  row(0x2e, "STOP", 0),
  row(0x30, "POP", 0),
  row(0x31, "POP_MARK", 1),
  row(0x32, "DUP", 0),
  row(0x42, "BINBYTES", 3, "bytes4"),
  row(0x43, "SHORT_BINBYTES", 3, "bytes1"),
  row(0x46, "FLOAT", 0, "float"),
  row(0x47, "BINFLOAT", 1, "f8"),
  row(0x49, "INT", 0, "decimal"),
  row(0x4a, "BININT", 1, "i4"),
  row(0x4b, "BININT1", 1, "u1"),
  row(0x4c, "LONG", 0, "decimal"),
  row(0x4d, "BININT2", 1, "u2"),
  row(0x4e, "NONE", 0),
  row(0x50, "PERSID", 0, "line"),
  row(0x51, "BINPERSID", 1),
  row(0x52, "REDUCE", 0),
  row(0x53, "STRING", 0, "string"),
  row(0x54, "BINSTRING", 1, "string4"),
  row(0x55, "SHORT_BINSTRING", 1, "string1"),
  row(0x56, "UNICODE", 0, "unicode"),
  row(0x58, "BINUNICODE", 1, "text4"),
  row(0x5d, "EMPTY_LIST", 1),
  row(0x61, "APPEND", 0),
  row(0x62, "BUILD", 0),
  row(0x63, "GLOBAL", 0, "name"),
  row(0x64, "DICT", 0),
  row(0x65, "APPENDS", 1),
  row(0x67, "GET", 0, "decimal"),
  row(0x68, "BINGET", 1, "u1"),
  row(0x69, "INST", 0, "name"),
  row(0x6a, "LONG_BINGET", 1, "u4"),
  row(0x6c, "LIST", 0),
  row(0x6f, "OBJ", 1),
  row(0x70, "PUT", 0, "decimal"),
  row(0x71, "BINPUT", 1, "u1"),
  row(0x72, "LONG_BINPUT", 1, "u4"),
  row(0x73, "SETITEM", 0),
  row(0x74, "TUPLE", 0),
  row(0x75, "SETITEMS", 1),
  row(0x7d, "EMPTY_DICT", 1),
  row(0x80, "PROTO", 2, "u1"),
  row(0x81, "NEWOBJ", 2),
  row(0x82, "EXT1", 2, "u1"),
  row(0x83, "EXT2", 2, "u2"),
  row(0x84, "EXT4", 2, "i4"),
  row(0x85, "TUPLE1", 2),
  row(0x86, "TUPLE2", 2),
  row(0x87, "TUPLE3", 2),
  row(0x88, "NEWTRUE", 2),
  row(0x89, "NEWFALSE", 2),
  row(0x8a, "LONG1", 2, "long1"),
  row(0x8b, "LONG4", 2, "long4"),
  row(0x8c, "SHORT_BINUNICODE", 4, "text1"),
  row(0x8d, "BINUNICODE8", 4, "text8"),
  row(0x8e, "BINBYTES8", 4, "bytes8"),
  row(0x8f, "EMPTY_SET", 4),
  row(0x90, "ADDITEMS", 4),
  row(0x91, "FROZENSET", 4),
  row(0x92, "NEWOBJ_EX", 4),
  row(0x93, "STACK_GLOBAL", 4),
  row(0x94, "MEMOIZE", 4),
  row(0x95, "FRAME", 4, "u8"),
  row(0x96, "BYTEARRAY8", 5, "bytes8"),
  row(0x97, "NEXT_BUFFER", 5),
  row(0x98, "READONLY_BUFFER", 5),
];

/** The opcode of each byte, where there is one. */
export const OPCODE_OF: readonly (Opcode | undefined)[] = tableOf(OPCODES);

function tableOf(opcodes: readonly Opcode[]): (Opcode | undefined)[] {
  const table = new Array<Opcode | undefined>(256).fill(undefined);
  for (const opcode of opcodes) table[opcode.code] = opcode;
  return table;
}
