package org.t3jvm.job;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.graph.WindowCounts;

/**
 * The self-attention of the DiT.
 *
 * @param kind null for the model's: T3 windows if it has T3-Video's weights or brings windows, or
 *     if {@code windows} are given, else full
 * @param windows counts of T3 windows, one entry a kind of block; null for the model's, or those of
 *     the rule for its size
 */
public record Attention(@Nullable Kind kind, @Nullable List<WindowCounts> windows) {
  /** The patterns. */
  public enum Kind {
    /** Every token attends to every token. */
    FULL,
    /** T3 windows (SPEC 5). */
    T3;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The model's own. */
  public static final Attention DEFAULT = new Attention(null, null);

  public Attention {
    if (windows != null) {
      windows = List.copyOf(windows);
      if (kind == Kind.FULL) {
        throw new JobException("attention.windows has no meaning with attention.kind full");
      }
      if (windows.isEmpty()) {
        throw new JobException("attention.windows: at least one n_t,n_h,n_w triple is needed");
      }
    }
  }

  /** Full attention. */
  public static Attention full() {
    return new Attention(Kind.FULL, null);
  }

  /** T3 windows, the model's or by rule. */
  public static Attention t3() {
    return new Attention(Kind.T3, null);
  }

  /** T3 windows of these counts. */
  public static Attention t3(List<WindowCounts> windows) {
    return new Attention(Kind.T3, windows);
  }
}
