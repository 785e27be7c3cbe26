package org.t3jvm.train;

import static org.t3jvm.job.JobException.require;

/**
 * The seed of a training, and how often it writes.
 *
 * @param seed of weights that are made from nothing, order, crops and noise
 * @param saveEvery steps between two saved states
 * @param sampleEvery steps between two sample pictures of the log page; 0 for none
 */
public record TrainingPace(Long seed, Integer saveEvery, Integer sampleEvery) {
  /** What a job without a word on it has. */
  public static final TrainingPace USUAL = new TrainingPace(0L, 100, 100);

  /** Fields that a JSON document leaves out have their defaults. */
  public TrainingPace {
    seed = seed == null ? Long.valueOf(0) : seed;
    saveEvery = saveEvery == null ? Integer.valueOf(100) : saveEvery;
    sampleEvery = sampleEvery == null ? Integer.valueOf(100) : sampleEvery;
    require(saveEvery >= 1, "pace.saveEvery", saveEvery, "at least 1");
    require(sampleEvery >= 0, "pace.sampleEvery", sampleEvery, "at least 0");
  }
}
