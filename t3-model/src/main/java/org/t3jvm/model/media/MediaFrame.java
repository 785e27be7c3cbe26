package org.t3jvm.model.media;

/**
 * One decoded picture [height, width, 3] uint8, row-major, as it is stored: not turned yet.
 *
 * @param rgb red, green and blue of each pixel; not copied
 * @param startNanos when it is shown, from the first frame on
 * @param durationNanos how long it is shown; 0 if the file does not say
 */
@SuppressWarnings("ArrayRecordComponent")
public record MediaFrame(int height, int width, byte[] rgb, long startNanos, long durationNanos) {}
