/** A switch as topics tell it. */
export function onOff(value: boolean): 'ON' | 'OFF' {
  return value ? 'ON' : 'OFF';
}
