package org.t3jvm.tensor.cpu.machine;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.backend.BackendException;

/**
 * Which emitted kernels this process uses, and why not others: decided once, when something first
 * asks. Where the system property {@value #PROPERTY} is {@code off} it uses none.
 */
public final class Machine {
  public static final String PROPERTY = "t3.machine";

  private final @Nullable TileCode tiles;
  private final double share;
  private final String reason;

  private Machine(@Nullable TileCode tiles, double share, String reason) {
    this.tiles = tiles;
    this.share = share;
    this.reason = reason;
  }

  private static final class Holder {
    private static final Machine MACHINE = decide();

    private static Machine decide() {
      String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
      if (!arch.equals("amd64") && !arch.equals("x86_64")) {
        return without("there is no code for " + arch);
      }
      return of(
          System.getProperty(PROPERTY),
          Pages::ofSystem,
          pages -> CpuFeatures.read(pages, CallingConvention.ofSystem()));
    }
  }

  /** What this process uses. */
  public static Machine current() {
    return Holder.MACHINE;
  }

  /** Reads the features of a processor. */
  interface Features {
    CpuFeatures read(Pages pages);
  }

  /**
   * Decides.
   *
   * @param property {@code off}, or null or {@code on}
   */
  static Machine of(@Nullable String property, Supplier<Pages> system, Features features) {
    if (!isOn(property)) {
      return without("-D%s=off".formatted(PROPERTY));
    }
    TileCode code = null;
    try {
      Pages pages = system.get();
      List<String> missing = features.read(pages).missingForBFloat16();
      if (!missing.isEmpty()) {
        return without("the processor has no " + String.join(", no ", missing));
      }
      code = new TileCode(pages, CallingConvention.ofSystem());
      String wrong = TileCheck.firstDifference(code);
      if (wrong == null) {
        double share = UnitRates.bFloat16Share(pages, CallingConvention.ofSystem());
        return new Machine(code, share, "");
      }
      code.close();
      return without("it computed wrong results here: " + wrong);
    } catch (Pages.Refused e) {
      return without("the system does not let emitted code run: " + e.getMessage());
    }
  }

  private static Machine without(String reason) {
    return new Machine(null, 0, reason);
  }

  /**
   * Whether the property allows emitted code.
   *
   * @throws BackendException if it is neither {@code on} nor {@code off}
   */
  static boolean isOn(@Nullable String property) {
    return switch (property) {
      case null -> true;
      case "on" -> true;
      case "off" -> false;
      default ->
          throw new BackendException(
              "system property %s is '%s', it must be on or off".formatted(PROPERTY, property));
    };
  }

  /** The kernels for products of BF16, or null. */
  public @Nullable TileCode tiles() {
    return tiles;
  }

  /**
   * The rate of products of BF16 as a multiple of the rate of F32 multiply-adds; 0 without code.
   */
  public double bFloat16Share() {
    return share;
  }

  /** In one line whether there are such kernels, and why not. */
  public String description() {
    return tiles != null
        ? "emitted AVX512_BF16 code"
        : "Vector API kernels, emitted code is not used: " + reason;
  }
}
