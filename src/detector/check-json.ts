import { FalconetError } from '../core/error.ts';

/** An object of a JSON file whose fields are read with a check each; every mistake names its place. */
export class JsonObject {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #place: string;

  /** @throws MODEL_INVALID when `value` is no object. */
  constructor(value: unknown, place: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw wrong(place, 'an object', value);
    this.#fields = value as Record<string, unknown>;
    this.#place = place;
  }

  /** @throws MODEL_INVALID, as do all readers below, when the field is not what its name says. */
  text(key: string): string {
    const value = this.#fields[key];
    if (typeof value !== 'string' || value === '') throw wrong(this.#at(key), 'a text', value);
    return value;
  }

  oneOf<T extends string>(key: string, allowed: readonly T[]): T {
    const text = this.text(key);
    const found = allowed.find((one) => one === text);
    if (found === undefined) throw wrong(this.#at(key), `one of ${allowed.join(', ')}`, text);
    return found;
  }

  /** A whole number of at least `least`. */
  whole(key: string, least: number): number {
    const value = this.#fields[key];
    if (!(Number.isInteger(value) && (value as number) >= least)) {
      throw wrong(this.#at(key), `a whole number from ${least} on`, value);
    }
    return value as number;
  }

  /** A number above 0. */
  positive(key: string): number {
    const value = this.#fields[key];
    if (!isPositive(value)) throw wrong(this.#at(key), 'a number above 0', value);
    return value;
  }

  /** A number in [0, 1]. */
  fraction(key: string): number {
    const value = this.#fields[key];
    if (!(typeof value === 'number' && value >= 0 && value <= 1))
      throw wrong(this.#at(key), 'a number in 0..1', value);
    return value;
  }

  /** Numbers above 0, in their order; exactly `length` of them, if that is given. */
  positives(key: string, length?: number): number[] {
    const value = this.#fields[key];
    const fits = Array.isArray(value) && value.every(isPositive) && value.length === (length ?? value.length);
    if (!fits) throw wrong(this.#at(key), `${length ?? 'a list of'} numbers above 0`, value);
    return value;
  }

  /** At least one text. */
  texts(key: string): string[] {
    const value = this.#fields[key];
    const fits = Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string');
    if (!fits) throw wrong(this.#at(key), 'a list of texts', value);
    return value;
  }

  object(key: string): JsonObject {
    return new JsonObject(this.#fields[key], this.#at(key));
  }

  /** At least one object. */
  objects(key: string): JsonObject[] {
    const value = this.#fields[key];
    if (!Array.isArray(value) || value.length === 0) throw wrong(this.#at(key), 'a list of objects', value);
    return value.map((one, index) => new JsonObject(one, this.#at(`${key}[${index}]`)));
  }

  keys(): string[] {
    return Object.keys(this.#fields);
  }

  #at(key: string): string {
    return `${this.#place}: ${key}`;
  }
}

function isPositive(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}

function wrong(place: string, expected: string, got: unknown): FalconetError {
  const found = got === undefined ? 'nothing' : JSON.stringify(got).slice(0, 60);
  return new FalconetError('MODEL_INVALID', `${place}: expected ${expected}, got ${found}`, {
    hint: 'Install the model again, or correct this file',
  });
}
