package org.t3jvm.model.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.t3jvm.model.dit.T3Windows;
import org.t3jvm.model.video.FrameSize;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.WindowAxis;
import org.t3jvm.tensor.graph.WindowCounts;

/**
 * Where the windows of T3 attention end in the frames of a video (SPEC 5): lines between rows,
 * between columns and between frames, for each kind of layer. The windows are the close ones, whose
 * tokens are neighbours; remote ones have no border. The shifted lines of a kind are all others
 * that lie between tokens: the same lines moved by whole tokens, so that what repeats from token to
 * token, such as the autoencoder's cells, counts in both alike.
 *
 * @param size of the video's frames
 * @param kinds one entry a kind of layer and axis that has windows to end
 */
public record SeamLines(FrameSize size, List<Lines> kinds) {
  /** Frames that a latent frame but the first stands for (SPEC 8). */
  private static final int LATENT_FRAMES = 4;

  /** What lies on either side of a line. */
  public enum Axis {
    ROWS,
    COLUMNS,
    FRAMES
  }

  /**
   * Lines of one kind of layer along one axis.
   *
   * @param kind of layer, from 0
   * @param windows how many it has along each axis
   * @param seams rows, columns or frames that begin a window
   * @param shifted rows, columns or frames that begin a token but no window
   */
  public record Lines(
      int kind, WindowCounts windows, Axis axis, List<Integer> seams, List<Integer> shifted) {}

  public SeamLines {
    kinds = List.copyOf(kinds);
  }

  /**
   * The lines of a video.
   *
   * @param frames of the video, 1 + 4k
   * @param computed size of the frames that windows divide
   * @param written size of the video's frames, the middle of those
   * @param tokenPixels rows and columns of a token
   * @throws IllegalArgumentException if the windows do not fit the tokens
   */
  public static SeamLines of(
      T3Windows windows, int frames, FrameSize computed, FrameSize written, int tokenPixels) {
    TokenGrid grid = grid(frames, computed, tokenPixels);
    windows.requireFit(grid);
    int top = (computed.height() - written.height()) / 2;
    int left = (computed.width() - written.width()) / 2;
    Scale rows = new Scale(tokenPixels, -top, written.height());
    Scale columns = new Scale(tokenPixels, -left, written.width());
    Scale time = new Scale(LATENT_FRAMES, 1 - LATENT_FRAMES, frames);
    List<Lines> kinds = new ArrayList<>();
    for (int kind = 0; kind < windows.kinds().size(); kind++) {
      WindowCounts counts = windows.kinds().get(kind);
      kinds.add(rows.lines(kind, counts, Axis.ROWS, grid.h(), counts.h()));
      kinds.add(columns.lines(kind, counts, Axis.COLUMNS, grid.w(), counts.w()));
      kinds.add(time.lines(kind, counts, Axis.FRAMES, grid.t(), counts.t()));
    }
    kinds.removeIf(lines -> lines.seams().isEmpty());
    return new SeamLines(written, kinds);
  }

  /** The tokens of a video, where a token at its lower or right end may be cut. */
  public static TokenGrid grid(int frames, FrameSize computed, int tokenPixels) {
    return new TokenGrid(
        1 + Math.ceilDiv(frames - 1, LATENT_FRAMES),
        Math.ceilDiv(computed.height(), tokenPixels),
        Math.ceilDiv(computed.width(), tokenPixels));
  }

  /**
   * From tokens to pixels, or to frames.
   *
   * @param size of a token
   * @param offset where token 0 would begin if it had that size too
   * @param extent of the video
   */
  private record Scale(int size, int offset, int extent) {
    /** Lines with room for a slope on either side. */
    Lines lines(int kind, WindowCounts counts, Axis axis, int tokens, int windows) {
      WindowAxis along = new WindowAxis(tokens, windows, false);
      TreeSet<Integer> starts = new TreeSet<>();
      for (int window = 0; window < windows; window++) {
        starts.add(along.start(window));
      }
      List<Integer> seams = new ArrayList<>();
      List<Integer> shifted = new ArrayList<>();
      for (int token = 1; token < tokens; token++) {
        int line = token * size + offset;
        if (line >= 2 && line + 2 <= extent) {
          (starts.contains(token) ? seams : shifted).add(line);
        }
      }
      return new Lines(kind, counts, axis, seams, shifted);
    }
  }
}
