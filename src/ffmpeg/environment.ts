/** All that ffmpeg gets of the gateway's environment, which may hold passwords: libraries, certificates, drivers. */
const PASSED_ON = [
  ...['PATH', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'SystemRoot', 'TMPDIR'],
  ...['SSL_CERT_FILE', 'SSL_CERT_DIR', 'LIBVA_DRIVER_NAME', 'LIBVA_DRIVERS_PATH'],
];

export function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(PASSED_ON.map((name) => [name, process.env[name]]));
}
