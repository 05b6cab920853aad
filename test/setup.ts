import fc from 'fast-check';

/**
 * Every property is tried on the same cases in each run, so that what fails fails again.
 *
 * `FALCONET_SEED=N` tries others, where N is an integer.
 */
fc.configureGlobal({ seed: Number(process.env['FALCONET_SEED'] ?? 20_261_130) });
