package org.t3jvm.server.queue;

/**
 * Something that happened in a job.
 *
 * @param id larger than those of all events before, of earlier processes too
 * @param type {@code status}, {@code progress}, {@code preview}, {@code warning} or {@code deleted}
 * @param data a JSON object in one line
 */
public record Event(long id, String type, String data) {}
