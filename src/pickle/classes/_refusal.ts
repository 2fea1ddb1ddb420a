/** What a class gives if its arguments are not such as it allows: the call stays inert, or is refused. */
export class Refusal {}

/** What a function gives that makes an instance of a class it is told of. */
export class Instead {
  readonly type: unknown;
  readonly args: readonly unknown[];
  readonly kwargs: ReadonlyMap<string, unknown>;

  constructor(
    type: unknown,
    args: readonly unknown[],
    kwargs: ReadonlyMap<string, unknown> = new Map(),
  ) {
    this.type = type;
    this.args = args;
    this.kwargs = kwargs;
  }
}
