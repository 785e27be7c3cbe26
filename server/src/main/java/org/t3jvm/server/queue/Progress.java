package org.t3jvm.server.queue;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * How far a run has come.
 *
 * @param stage such as {@code denoise}
 * @param step from 1
 * @param steps of the stage
 * @param block blocks of the step that are done
 * @param blocks of a step
 * @param percent of the whole video, from 0 to 100
 * @param secondsLeft until the video is there, about; null while there is nothing to go by
 * @param memory bytes that the stage's program needs; null before that is known
 */
public record Progress(
    String stage,
    int step,
    int steps,
    int block,
    int blocks,
    @JsonProperty("progress") int percent,
    @JsonProperty("seconds_left") @Nullable Double secondsLeft,
    @Nullable Long memory) {}
