/** Whether it is a URL that has a host, and credentials that can be decoded. */
export function hasHost(text: string): boolean {
  try {
    const { hostname, username, password } = new URL(text);
    decodeURIComponent(username + password);
    return hostname !== '';
  } catch {
    return false;
  }
}
