package org.t3jvm.server.queue;

import org.jspecify.annotations.Nullable;
import org.t3jvm.server.store.StoredJob;

/**
 * What clients see of a job at one moment, but for its place in the queue.
 *
 * @param progress of the run, the last one if it was stopped; null before it began in this process
 * @param previews the number of the latest preview; 0 if there is none
 */
public record JobState(StoredJob stored, @Nullable Progress progress, long previews) {}
