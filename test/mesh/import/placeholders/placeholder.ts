/** A placeholder as a shell writes it: the name, and what else stands in its braces. */
export const placeholder = (inside: string) => `\${${inside}}`;
