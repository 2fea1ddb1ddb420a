/** The golden vectors by their paths below `test/vectors/`: text of JSON, and base64 of others. The bundle has them here. */
export const embedded: Readonly<Record<string, string>> = {};
