/**
 * Anywhere in a name, also with a slip of the pen, because a mistyped key's value is a secret no less; `pas` and `pw` end
 * a word, as in `loginpas`.
 */
const PART = 'pass|pas+w|pas(?![a-z])|pwd|psw|pw(?![a-z])|secret|token|api[_-]?key';
/** Of addresses only: in a configuration `key` is the path of a file. */
const WHOLE = 'key|auth';
const SECRET_NAME = new RegExp(PART, 'i');

/** Bounded, so that a long text takes no longer than its length. */
const named = (letters: string): string => `(?:${letters}{0,40}(?:${PART})${letters}{0,40}|${WHOLE})=`;
/** In a query or as a level of a path, to the next of them. */
const APART = `(?<=[?&;/])(?<apart>${named('[a-z0-9._-]')})[^&\\s'"]+`;
/** Among others in one level of a path, as in `/user=admin_password=abc_channel=1_stream=0.sdp`. */
const AMONG = `(?<=_)(?<among>${named('[a-z0-9.-]')})(?:(?!_[a-z0-9.-]{1,40}=)[^&\\s'"])+`;
const PARAMETER = new RegExp(`${APART}|${AMONG}`, 'gi');

/** Whether what bears this name, a key of a configuration or an environment variable, is nobody's business. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** The text with another word for each value of an address whose name says that it is a secret. */
export function replaceParameters(text: string, word: string): string {
  return text.replace(PARAMETER, (_whole, apart?: string, among?: string) => `${apart ?? among}${word}`);
}

/** Those values as they stand, and what they would be if they ended at the next sign that parts an address. */
export function secretParameters(text: string): string[] {
  return [...text.matchAll(PARAMETER)].flatMap(([whole]) => {
    const value = whole.slice(whole.indexOf('=') + 1);
    return [value, value.replace(/[/;?#].*$/s, '')];
  });
}
