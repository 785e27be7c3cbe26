package org.t3jvm.tensor.cpu.conv;

import org.t3jvm.tensor.cpu.gemm.Tile;

/** Channels in {@code count} parts, of equal size but for the last. */
record ChannelParts(int channels, int count) {
  /** Parts that are as large as {@link Tile#DEPTH} allows. */
  static ChannelParts of(int channels) {
    return new ChannelParts(channels, Math.max(1, Math.ceilDiv(channels, Tile.DEPTH)));
  }

  /** A single part. */
  static ChannelParts whole(int channels) {
    return new ChannelParts(channels, 1);
  }

  /** Channels of a part; the first is the largest. */
  int size(int part) {
    return Math.min(channels - start(part), Math.ceilDiv(channels, count));
  }

  /** First channel of a part. */
  int start(int part) {
    return part * Math.ceilDiv(channels, count);
  }
}
